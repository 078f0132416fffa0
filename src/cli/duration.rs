//! Times on the command line: `250ms`, `2s`, `1.5s`, `1m`, `12h`, and numbers whose unit the flag names.

use std::time::Duration;

/// No time is longer than a day.
const MOST: Duration = Duration::from_hours(24);

/// A time; a bare number means seconds.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    time(text, 1.0)
}

/// A time; a bare number means milliseconds.
pub(crate) fn milliseconds(text: &str) -> Result<Duration, String> {
    time(text, 0.001)
}

fn time(text: &str, bare: f64) -> Result<Duration, String> {
    let at = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let unit = match unit {
        "" => bare,
        "ms" => 0.001,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        _ => return Err("write a time such as `2s`, `250ms`, `1m`, or `12h`".to_owned()),
    };
    let number: Option<f64> = number.parse().ok();
    let time = number.and_then(|number| Duration::try_from_secs_f64(number * unit).ok());
    let time = time.ok_or("write a time such as `2s`, `250ms`, `1m`, or `12h`")?;
    if time > MOST {
        return Err("it is longer than a day".to_owned());
    }
    Ok(time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units() {
        assert_eq!(milliseconds("500"), Ok(Duration::from_millis(500)));
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for parse in [seconds, milliseconds] {
            assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
            assert_eq!(parse("2s"), Ok(Duration::from_secs(2)));
            assert_eq!(parse("1m"), Ok(Duration::from_mins(1)));
            assert_eq!(parse("12h"), Ok(Duration::from_hours(12)));
            for text in [
                "",
                "s",
                "2d",
                "-1",
                "1 s",
                "1.2.3",
                "99999999999s",
                "NaN",
                "inf",
            ] {
                assert!(parse(text).is_err(), "{text}");
            }
        }
    }
}
