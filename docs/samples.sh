#!/bin/sh
# Makes the pictures of docs/templates.md from the manuscripts in docs/samples/: two pages side by side, 420 px a page.
# Needs the press (PRESS names it; target/release/hanpress otherwise), poppler (pdftoppm) and ImageMagick.
set -eu
cd "$(dirname "$0")/.."
press=${PRESS:-target/release/hanpress}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# sheet NAME TEMPLATE MANUSCRIPT GAP PAGES [FLAG…]: the pages in the order in which they lie on the desk; pages that
# face each other have a hair between them.
sheet() {
    name=$1 template=$2 text=$3 gap=$4 pages=$5
    shift 5
    "$press" convert "docs/samples/$text" --template "$template" --to pdf --quiet -o "$work/$name.pdf" "$@"
    set --
    for page in $pages; do
        pdftoppm -f "$page" -l "$page" -singlefile -r 144 -scale-to-x 420 -scale-to-y -1 -gray -png \
            "$work/$name.pdf" "$work/$name-$page"
        set -- "$@" "$work/$name-$page.png"
    done
    montage "$@" -tile x1 -geometry "+$gap+0" -background '#c8c8c8' "$work/$name.png"
    convert "$work/$name.png" -bordercolor '#c8c8c8' -border 8 +dither -colors 16 -strip \
        -define png:exclude-chunks=date,time -define png:compression-level=9 "PNG8:docs/samples/$name.png"
}

sheet handout handout essay.md 6 '1 2'
sheet handout-large handout-large essay.md 6 '2 3'
sheet book book essay.md 1 '6 7'
sheet book-front book essay.md 6 '3 5'
sheet book-vertical book-vertical essay.md 1 '7 6' --numerals han
sheet official official notice.md 6 '1 2'
sheet letter letter letter.md 6 '1'
