#include "coven/datetime.h"

#include <time.h>

#define MS_MIN INT64_C(-62135596800000) /* 0001-01-01T00:00:00Z */
#define MS_MAX INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* By hand, because strftime() and snprintf() would be most of the cost of a history message. */
static void put_number(char **out, int digits, char behind, int number)
{
    for (int i = digits; i-- > 0; number /= 10)
        (*out)[i] = (char)('0' + number % 10);
    (*out)[digits] = behind;
    *out += digits + 1;
}

void datetime_print(int64_t ms, char out[DATETIME_SIZE])
{
    ms = ms < MS_MIN ? MS_MIN : ms > MS_MAX ? MS_MAX : ms;
    int64_t fraction = (ms % 1000 + 1000) % 1000;
    time_t seconds = (ms - fraction) / 1000;
    struct tm tm;
    gmtime_r(&seconds, &tm);
    put_number(&out, 4, '-', tm.tm_year + 1900);
    put_number(&out, 2, '-', tm.tm_mon + 1);
    put_number(&out, 2, 'T', tm.tm_mday);
    put_number(&out, 2, ':', tm.tm_hour);
    put_number(&out, 2, ':', tm.tm_min);
    put_number(&out, 2, fraction ? '.' : 'Z', tm.tm_sec);
    if (fraction)
        put_number(&out, 3, 'Z', (int)fraction);
    *out = '\0';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes that many digits, then the character `behind` unless it is NUL. */
static bool take_number(struct span *text, size_t digits, char behind, int *number_r)
{
    size_t len = digits + (behind ? 1 : 0);
    int number = 0;
    if (text->len < len || (behind && text->at[digits] != behind))
        return false;
    for (size_t i = 0; i < digits; i++) {
        if (!is_digit(text->at[i]))
            return false;
        number = number * 10 + (text->at[i] - '0');
    }
    *text = (struct span){text->at + len, text->len - len};
    *number_r = number;
    return true;
}

/* Takes a fraction such as ".5" or ".123456789", to the millisecond. */
static bool take_fraction(struct span *text, int *ms_r)
{
    static const int worth[] = {100, 10, 1};
    size_t i = 1;
    *ms_r = 0;
    if (text->len == 0 || text->at[0] != '.')
        return true;
    for (; i < text->len && is_digit(text->at[i]); i++)
        *ms_r += i <= 3 ? worth[i - 1] * (text->at[i] - '0') : 0;
    *text = (struct span){text->at + i, text->len - i};
    return i > 1;
}

/* Takes "Z", "+01:00" or "-09:30": the seconds to subtract for UTC. */
static bool take_zone(struct span *text, int *seconds_r)
{
    int hours, minutes;
    char sign = text->len ? text->at[0] : '\0';
    *seconds_r = 0;
    if (sign != 'Z' && sign != '+' && sign != '-')
        return false;
    *text = (struct span){text->at + 1, text->len - 1};
    if (sign == 'Z')
        return true;
    if (!take_number(text, 2, ':', &hours) || !take_number(text, 2, '\0', &minutes))
        return false;
    *seconds_r = (hours * 60 + minutes) * 60 * (sign == '+' ? 1 : -1);
    return hours < 24 && minutes < 60;
}

/* Seconds since 1970; false for a day or time that does not exist. timegm() carries an overflow
 * into the next larger unit (February 30 becomes March 2), which changes one of the compared
 * fields. */
static bool seconds_of(struct tm tm, int64_t *seconds_r)
{
    struct tm carried = tm;
    *seconds_r = timegm(&carried);
    return carried.tm_mon == tm.tm_mon && carried.tm_hour == tm.tm_hour &&
           carried.tm_min == tm.tm_min;
}

bool datetime_parse(struct span text, int64_t *ms_r)
{
    struct tm tm = {0};
    int fraction, zone;
    int64_t seconds;
    if (!take_number(&text, 4, '-', &tm.tm_year) || !take_number(&text, 2, '-', &tm.tm_mon) ||
        !take_number(&text, 2, 'T', &tm.tm_mday) || !take_number(&text, 2, ':', &tm.tm_hour) ||
        !take_number(&text, 2, ':', &tm.tm_min) || !take_number(&text, 2, '\0', &tm.tm_sec))
        return false;
    if (!take_fraction(&text, &fraction) || !take_zone(&text, &zone) || text.len > 0)
        return false;
    tm.tm_year -= 1900;
    tm.tm_mon -= 1;
    if (!seconds_of(tm, &seconds))
        return false;
    int64_t ms = (seconds - zone) * 1000 + fraction;
    if (ms < MS_MIN || ms > MS_MAX)
        return false;
    *ms_r = ms;
    return true;
}
