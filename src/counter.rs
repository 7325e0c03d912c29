//! Numbers in Chinese.

/// A number in Chinese numerals: 十二, 一百零一.
pub fn han(number: u64, traditional: bool) -> String {
    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    if number == 0 {
        return DIGITS[0].into();
    }
    let (ten_thousand, hundred_million) = if traditional { ("萬", "億") } else { ("万", "亿") };
    fn below(n: u64, out: &mut String, pad: bool) {
        let mut zero = pad;
        for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            let digit = n / unit % 10;
            if digit == 0 {
                zero |= !out.is_empty();
                continue;
            }
            if zero && !out.is_empty() && !out.ends_with("零") {
                out.push('零');
            }
            zero = false;
            // 十二, not 一十二, at the start.
            if !(unit == 10 && digit == 1 && out.is_empty()) {
                out.push_str(DIGITS[digit as usize]);
            }
            out.push_str(name);
        }
    }
    let mut out = String::new();
    for (unit, name) in [(100_000_000, hundred_million), (10_000, ten_thousand), (1, "")] {
        let part = if unit == 100_000_000 { number / unit } else { number / unit % 10_000 };
        if part == 0 {
            continue;
        }
        if part > 9_999 {
            out.push_str(&han(part, traditional));
        } else {
            let gap = !out.is_empty() && part < 1000;
            below(part, &mut out, gap);
        }
        out.push_str(name);
    }
    out
}

/// The label of an item with its separator (GB/T 15834, annex on ordinals): 一、 （一） 1. ① …
pub fn label(counter: crate::document::Counter, number: u64, traditional: bool) -> String {
    use crate::document::Counter;
    match counter {
        Counter::Chinese => format!("{}、", han(number, traditional)),
        Counter::ChineseParen => format!("（{}）", han(number, traditional)),
        Counter::DecimalParen => format!("（{number}）"),
        _ => format!("{number}."),
    }
}
