//! Text in a drawing: how wide it is, where it is broken, and what may stand in XML.

/// Nobody reads more lines than that in a box.
const MOST_LINES: usize = 3;

/// About how many pixels a text is wide in letters of that size; there is no font to ask.
pub(super) fn width(text: &str, size: i64) -> i64 {
    columns(text) as i64 * size * 6 / 10
}

/// Text without what XML does not allow.
pub(super) fn safe(text: &str) -> String {
    text.chars()
        .map(|letter| if letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}') { ' ' } else { letter })
        .collect()
}

/// Text of at most so many columns; what is cut off is shown.
pub(super) fn cut(text: &str, most: usize) -> String {
    let safe = safe(text);
    if columns(&safe) <= most {
        return safe;
    }
    let mut short = String::new();
    for letter in safe.chars() {
        if columns(&short) + wide(letter) >= most {
            break;
        }
        short.push(letter);
    }
    short.trim_end().to_owned() + "…"
}

/// Text broken between words into a few lines of at most so many columns.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let safe = safe(text);
    let mut lines: Vec<String> = Vec::new();
    for word in safe.split_whitespace() {
        match lines.last_mut() {
            Some(line) if columns(line) + 1 + columns(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > MOST_LINES {
        let rest = lines.split_off(MOST_LINES - 1).join(" ");
        lines.push(rest);
    }
    lines.iter().map(|line| cut(line, most)).collect()
}

fn columns(text: &str) -> usize {
    text.chars().map(wide).sum()
}

/// How many columns a letter takes: those of East Asia, and pictures, two.
fn wide(letter: char) -> usize {
    if matches!(u32::from(letter), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0x1f300..=0x1faff | 0x20000..=0x3ffff)
    {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words_and_cut() {
        assert_eq!(wrapped("Call the lead again", 10), ["Call the", "lead again"]);
        assert_eq!(wrapped("Unzumutbarkeitserklärung", 10), ["Unzumutba…"]);
        assert_eq!(wrapped("a b c d e f g h", 3), ["a b", "c d", "e…"]);
        assert_eq!(wrapped("", 10), Vec::<String>::new());
        assert_eq!(cut("お客様に電話する", 9), "お客様に…");
        assert_eq!(safe("a\u{0}b\nc"), "a b c");
    }
}
