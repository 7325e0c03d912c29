//! What the model knows of a candidate, as numbers.

use std::sync::LazyLock;

use super::{
    candidate::{Candidate, Kind},
    graph::Graph,
    lexicon::{self, Word},
};
use crate::fix::charset::CharSet;

/// The features, in the order of the model. Those that `model.tsv` has no line for only tell how certain a slip is.
pub const NAMES: [&str; 53] = [
    "gain",
    "gain-to-3",
    "gain-to-6",
    "margin",
    "margin-below-0",
    "sound-same",
    "sound-near",
    "sound-cantonese",
    "shape",
    "part",
    "sound-and-shape",
    "word-probability",
    "pair-left",
    "pair-right",
    "token-alone",
    "token-length",
    "token-probability",
    "token-paired",
    "cover-none",
    "cover-two",
    "cover-more",
    "old-character",
    "new-character",
    "alone-share",
    "alone-run",
    "foreign",
    "surname",
    "edge",
    "short-run",
    "style",
    "lift-left",
    "lift-right",
    "neither-pair",
    "gain-sound-same",
    "gain-cover-none",
    "shape-high",
    "name-rare",
    "neighbors-alone",
    "gain-of-run",
    "known-word",
    "term-times",
    "term-strings",
    "own-chance",
    "run-score",
    "near-score",
    "left-length",
    "right-length",
    "left-probability",
    "right-probability",
    "old-with-left",
    "old-with-right",
    "word-length",
    "both-pairs",
];

/// How many characters on each side of a candidate are near it.
const NEAR: usize = 6;

/// The numbers of one candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f32; NAMES.len()]);

impl Default for Features {
    fn default() -> Self {
        Self([0.0; NAMES.len()])
    }
}

/// Characters that spell foreign names.
const FOREIGN: &str = "阿埃艾安奥巴拜班贝本比彼宾波伯博布达戴丹德登迪蒂杜顿多厄恩尔法范菲芬弗福富戈格哥古哈海汉赫亨胡怀霍基吉加贾杰金卡凯坎康柯科克肯库奎拉莱兰朗劳勒雷里利莉林卢鲁伦罗洛马玛迈曼梅米密莫默姆穆拿纳娜奈南内尼宁努诺欧帕派潘佩皮普齐奇乔琼儒瑞萨塞桑沙莎森山舍圣施什史士斯司苏索塔泰坦汤特滕廷图托瓦万威韦维温翁沃伍乌西希夏香谢辛休逊雅亚扬耶叶伊因英尤约泽扎詹珍朱兹佐";
/// Common family names.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢骆岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和";

static FOREIGN_SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(FOREIGN.chars()));
static SURNAME_SET: LazyLock<CharSet> = LazyLock::new(|| CharSet::of(SURNAMES.chars()));

impl Features {
    /// Whether the written character makes a known word with its neighbors.
    pub fn is_covered(&self) -> bool {
        self.0[18] == 0.0
    }

    /// Whether the neighborhood spells a foreign name, or a rare word follows a family name.
    pub fn is_name_like(&self) -> bool {
        self.0[25] >= 3.0 || self.0[36] > 0.0
    }

    /// Notes how often a term stands in the document, how many strings speak for it, and what the model gives the
    /// same change without the document.
    pub fn term(&mut self, times: u32, strings: u32, chance: f32) {
        self.0[40] = (times.min(50) as f32).ln();
        self.0[41] = strings as f32;
        let chance = chance.clamp(0.002, 0.998);
        self.0[42] = (chance / (1.0 - chance)).ln();
    }

    /// Notes what the model knows of the new word with its neighbors.
    pub(super) fn pairs(&mut self, word: Word, left: Option<f32>, right: Option<f32>) {
        self.0[11] = lexicon::single(word);
        self.0[12] = f32::from(left.is_some());
        self.0[13] = f32::from(right.is_some());
        self.0[30] = left.unwrap_or(0.0).clamp(0.0, 4.0);
        self.0[31] = right.unwrap_or(0.0).clamp(0.0, 4.0);
        self.0[32] = f32::from(left.is_none() && right.is_none());
    }
}

/// Fills the features of all candidates of a run. `tokens` has the word of the best way over each character.
pub(super) fn fill(graph: &Graph, tokens: &[(usize, usize)], run: &[u16], all: &mut [Candidate]) {
    if all.is_empty() {
        return;
    }
    let foreign = |c: u16| char::from_u32(c.into()).is_some_and(|c| FOREIGN_SET.may_have(c));
    let surname = |c: u16| char::from_u32(c.into()).is_some_and(|c| SURNAME_SET.may_have(c));
    let alone = |at: usize| tokens[at].1 - tokens[at].0 == 1;
    let margins: Vec<f32> = (all.iter())
        .map(|a| {
            let rivals = all.iter().filter(|b| b.changes != a.changes);
            let rivals =
                rivals.filter(|b| b.changes.iter().any(|(at, _)| a.changes.iter().any(|(x, _)| x == at)));
            a.gain - rivals.map(|b| b.gain).fold(0.0, f32::max)
        })
        .collect();
    for (candidate, margin) in all.iter_mut().zip(margins) {
        let Candidate { start, end, gain, why, .. } = *candidate;
        let places = || candidate.changes.iter().map(|(at, _)| *at);
        let cover = places().map(|at| graph.cover[at]).max().unwrap_or(1);
        let token =
            places().map(|at| tokens[at]).max_by_key(|t| t.1 - t.0).expect("a candidate changes something");
        let edge = graph.token(token.0);
        let next = graph.token(token.1);
        let first = places().next().expect("a candidate changes something");
        let single = |c: u16| lexicon::word_of(&[c]).map_or(lexicon::UNKNOWN, lexicon::single);
        let window = end - start;
        let mut from = start;
        while from > 0 && alone(from - 1) && start - from < 4 {
            from -= 1;
        }
        let mut to = end;
        while to < run.len() && alone(to) && to - end < 4 {
            to += 1;
        }
        let near = start.saturating_sub(3)..(end + 3).min(run.len());
        let spelled = near.clone().filter(|at| foreign(run[*at]) && alone(*at)).count();
        let named = (start.saturating_sub(2)..=first).any(|at| surname(run[at]) && alone(at));
        let flag = |b: bool| f32::from(b);
        let own = candidate.kind == Kind::Pair && foreign(run[first]) && foreign(candidate.changes[0].1);
        let f = &mut candidate.features.0;
        f[0] = gain.min(15.0);
        f[1] = gain.min(3.0);
        f[2] = gain.min(6.0);
        f[3] = margin.clamp(-6.0, 6.0);
        f[4] = flag(margin < 0.0);
        f[5] = flag(why.sound() == 1.0);
        f[6] = flag(why.sound() == 0.6);
        f[7] = flag(why.0 & 4 != 0);
        f[8] = why.shape();
        f[9] = flag(why.part());
        f[10] = flag(why.sound() == 1.0 && (why.part() || why.shape() >= 0.6));
        f[14] = flag(token.1 - token.0 == 1);
        f[15] = (token.1 - token.0) as f32;
        f[16] = edge.map_or(lexicon::UNKNOWN, |e| lexicon::single(e.word));
        f[17] = flag(edge.is_some_and(|e| e.paired)) + flag(next.is_some_and(|e| e.paired));
        f[18] = flag(cover == 1);
        f[19] = flag(cover == 2);
        f[20] = flag(cover >= 3);
        f[21] = single(run[first]);
        f[22] = single(candidate.changes[0].1);
        f[23] = (start..end).filter(|at| alone(*at)).count() as f32 / window as f32;
        f[24] = ((start - from) + (to - end)) as f32;
        f[25] = spelled as f32 + flag(own && spelled >= 2);
        f[26] = flag(named);
        f[27] = flag(start == 0) + flag(end == run.len());
        f[28] = flag(run.len() <= 4);
        f[29] = flag(candidate.style);
        f[33] = if why.sound() == 1.0 { gain.min(8.0) } else { 0.0 };
        f[34] = if cover == 1 { gain.min(8.0) } else { 0.0 };
        f[35] = flag(why.shape() >= 0.8);
        f[36] = flag(named && f[11] < -5.0);
        let before = start > 0 && alone(start - 1);
        let behind = end < run.len() && alone(end);
        f[37] = flag(before) + flag(behind);
        f[38] = gain / run.len().clamp(4, 30) as f32 * 10.0;
        f[39] = flag(lexicon::word_of(&run[start..end]).is_some());
        // How far from everyday prose the run and the stretch around the candidate would be with the change.
        let stretch = graph.stretch(start.saturating_sub(NEAR)..(end + NEAR).min(run.len()));
        f[43] = (-(graph.total + gain) / run.len() as f32).clamp(0.0, 6.0);
        f[44] = (-(stretch + gain / (window + 2 * NEAR) as f32)).clamp(0.0, 6.0);
        let beside = |at: Option<usize>| at.and_then(|at| tokens.get(at)).copied();
        let (left, right) = (beside(start.checked_sub(1)), beside(Some(end)));
        f[45] = left.map_or(0.0, |t| (t.1 - t.0) as f32);
        f[46] = right.map_or(0.0, |t| (t.1 - t.0) as f32);
        let probability = |t: Option<(usize, usize)>| {
            t.and_then(|t| graph.token(t.0)).map_or(-2.0, |edge| lexicon::single(edge.word))
        };
        f[47] = probability(left);
        f[48] = probability(right);
        let last = places().next_back().unwrap_or(first);
        f[49] = flag(first > 0 && lexicon::walk(&run[first - 1..=first]).is_some());
        f[50] = flag(last + 1 < run.len() && lexicon::walk(&run[last..last + 2]).is_some());
        f[51] = window as f32;
        f[52] = f[12] * f[13];
        if candidate.kind == Kind::Swap {
            f[8] = candidate.changes.len() as f32 / window as f32;
        }
    }
}
