//! When a line of a log was written: `%t`, `%m` and `%n` of `log_line_prefix`, and what syslog puts in
//! front. The zone is not read: all lines of a log are in one.

/// Milliseconds since 1970 as the clock of the log shows it; syslog writes no year, so its lines are
/// of 1970.
pub fn when(lead: &str) -> Option<i64> {
    let starts = lead.char_indices().filter(|(at, c)| {
        let before = lead.get(..*at).and_then(|before| before.chars().next_back());
        c.is_ascii_alphanumeric() && before.is_none_or(|before| !before.is_ascii_alphanumeric())
    });
    starts.take(8).find_map(|(at, _)| {
        let text = lead.get(at..)?;
        date_and_time(text).or_else(|| syslog(text)).or_else(|| epoch(text))
    })
}

/// `2024-01-01 10:00:00.123`, with a `T` in the middle too.
fn date_and_time(text: &str) -> Option<i64> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let time = time(rest.strip_prefix([' ', 'T'])?)?;
    Some(days(year, month, day)? * 86_400_000 + time)
}

/// `Feb 10 23:15:39`
fn syslog(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (month, rest) = text.split_once(' ')?;
    let month = MONTHS.iter().position(|name| *name == month)?;
    let (day, rest) = rest.trim_start().split_once(' ')?;
    let month = i64::try_from(month).ok()? + 1;
    Some(days(1970, month, day.parse().ok()?)? * 86_400_000 + time(rest)?)
}

/// `1704103200.123`: seconds since 1970.
fn epoch(text: &str) -> Option<i64> {
    let (seconds, rest) = number(text, 10)?;
    let (ms, _) = number(rest.strip_prefix('.')?, 3)?;
    Some(seconds * 1000 + ms)
}

/// `10:00:00.123` in milliseconds; the part behind the seconds may be missing.
fn time(text: &str) -> Option<i64> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    let ms = rest.strip_prefix('.').and_then(|rest| number(rest, 3)).map_or(0, |(ms, _)| ms);
    let is_time = hour < 24 && minute < 60 && second <= 60;
    is_time.then_some(((hour * 60 + minute) * 60 + second) * 1000 + ms)
}

/// So many digits, and what follows.
fn number(text: &str, digits: usize) -> Option<(i64, &str)> {
    let (head, rest) = text.split_at_checked(digits)?;
    let all = head.bytes().all(|b| b.is_ascii_digit());
    all.then(|| head.parse().ok()).flatten().map(|n| (n, rest))
}

/// Days since 1970-01-01.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // Years begin in March, so that the leap day is the last; eras are of 400 years.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_every_kind() {
        let noon = 1_704_103_200_000;
        let cases = [
            ("2024-01-01 10:00:00.123 UTC [42] ", Some(noon + 123)),
            ("2024-01-01 10:00:00 GMT|alice|", Some(noon)),
            ("2024-01-01T10:00:00+00:00 app[postgres.48]: ", Some(noon)),
            ("[7] 2024-01-01 10:00:00 UTC ", Some(noon)),
            ("1704103200.007 [42] ", Some(noon + 7)),
            ("Feb 10 23:15:39 host postgres[108]: ", Some((40 * 86_400 + 83_739) * 1000)),
            ("2024-13-01 10:00:00 ", None),
            ("2024-01-01 25:00:00 ", None),
            ("[42] user@db ", None),
            ("", None),
        ];
        for (lead, wanted) in cases {
            assert_eq!(when(lead), wanted, "{lead}");
        }
    }
}
