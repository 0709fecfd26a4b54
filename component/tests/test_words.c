/* The words of texts in many languages, and what searches find by them. */

#include "disk_fixture.h"
#include "log_fixture.h"
#include "store/words.h"

static char *words_of(struct words *memory, const char *text)
{
    struct buf out = BUF_INIT;
    words_write(memory, span_of(text), &out);
    buf_add(&out, "", 1);
    return out.data;
}

/* In the words a line feed, where the text has white space, is shown as a bar. */
static void texts_have_words(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } cases[] = {
        {"", ""},
        {" \t!?.-\r\n", ""},
        {"But, soft! What LIGHT", "but|soft|what|light"},
        {"don't re-send", "don t|re send"},
        {"me@example.org https://x.org/a_b?c=1", "me example org|https x org a b c 1"},
        {"3.14 2x H2O v1", "3 14|2x|h2o|v1"},
        {"\"a\" AND b* NEAR(c)", "a|and|b|near c"},
        {"Straße STRASSE straſſe ẞ", "strasse|strasse|strasse|ss"},
        {"Café cafe\u0301 CAFÉ Ångström", "cafe|cafe|cafe|angstrom"},
        {"İstanbul ŁÓDŹ", "istanbul|łodz"},
        {"ΟΔΥΣΣΕΥΣ Ὀδυσσεύς", "οδυσσευσ|οδυσσευσ"},
        {"Ёлка ЁЖ", "елка|еж"},
        {"Ｆｕｌｌ　Ｗｉｄｔｈ１２", "full|width12"},
        {"ﬁne ² ① ™", "fine|2|1|tm"},
        {"don’t “quoted”—dash…", "don t|quoted dash"},
        {"zero\u200Bwidth soft\u00ADhyphen no\u00A0break", "zerowidth|softhyphen|no|break"},
        {"שָׁלוֹם مَرْحَبًا", "שלום|مرحبا"},
        {"हिन्दी में", "हिन्दी|में"},
        {"我在北京。OK吗", "我 在 北 京 ok 吗"},
        {"東京　天気 人々", "東 京|天 気|人 々"},
        {"ﾊﾟｽﾜｰﾄﾞ", "パ ス ワ ー ド"},
        {"น้ำใจ", "น้\u0E4D า ใ จ"},
        {"한국어 ㅋ", "한 국 어|\u110F"},
        {"👍🏽❤️ 🇩🇪", "👍 ❤|🇩 🇪"},
        {"\xFF\xC3", ""},
    };
    struct words memory = {.folded = BUF_INIT};
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *found = words_of(&memory, cases[i].text);
        for (char *at = found; *at; at++)
            *at = *at == '\n' ? '|' : *at;
        assert_string_equal(found, cases[i].words);
        free(found);
    }
    words_free(&memory);
}

/* The short cut for ASCII and ICU agree: the piece with the soft hyphen, which is nothing, goes
 * through ICU. */
static void ascii_is_what_icu_says(void **state)
{
    (void)state;
    struct words memory = {.folded = BUF_INIT};
    for (int c = 1; c < 0x80; c++) {
        char plain[] = {'x', (char)c, 'y', '\0'};
        char other[] = {'x', (char)c, '\xC2', '\xAD', 'y', '\0'};
        char *short_cut = words_of(&memory, plain), *by_icu = words_of(&memory, other);
        assert_string_equal(short_cut, by_icu);
        free(short_cut);
        free(by_icu);
    }
    words_free(&memory);
}

/* So do the short cut for the characters that stay as they are, and ICU. */
static void frequent_characters_are_what_icu_says(void **state)
{
    (void)state;
    struct words memory = {.folded = BUF_INIT};
    for (int32_t c = 0x3000; c < 0xFFFE; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        char plain[16], other[16];
        const char three[] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 0x3F)),
                              (char)(0x80 | (c & 0x3F)), '\0'};
        snprintf(plain, sizeof plain, "x%sy", three);
        snprintf(other, sizeof other, "x%s\u00ADy", three);
        char *short_cut = words_of(&memory, plain), *by_icu = words_of(&memory, other);
        assert_string_equal(short_cut, by_icu);
        free(short_cut);
        free(by_icu);
    }
    words_free(&memory);
}

static void no_text_has_too_many_words(void **state)
{
    (void)state;
    static const char ligature[] = "\uFDFA"; /* 18 letters and spaces */
    struct words memory = {.folded = BUF_INIT};
    struct buf text = BUF_INIT, out = BUF_INIT;
    for (unsigned i = 0; i < 80000; i++)
        buf_add_text(&text, ligature);
    words_write(&memory, buf_span(&text), &out);
    assert_in_range(out.len, 512 * 1024, 512 * 1024 + 4);
    buf_free(&text);
    buf_free(&out);
    words_free(&memory);
}

static void words_are_found_inside_sentences(void **state)
{
    (void)state;
    static const struct {
        const char *stanza, *found, *not_found;
    } cases[] = {
        {STANZA("服务器重启了数据库也升级了"), "服务器 数据库", "器务"},
        {STANZA("我昨天在北京大学见到了老师"), "北京", "京北"},
        {STANZA("東京都の天気はどうですか"), "天気", "気天"},
        {STANZA("日本語を勉強しています"), "日本　勉強", "本日"},
        {STANZA("サーバーを再起動しました"), "ｻｰﾊﾞｰ", "サーハー"},
        {STANZA("ฉันอยากดื่มกาแฟร้อนหนึ่งแก้ว"), "กาแฟ ร้อน", "แฟกา"},
        {STANZA("서버를 다시 시작했습니다"), "서버", "버서"},
        {STANZA("Die Straße nach Gießen"), "strasse GIESSEN", "stras"},
        {STANZA("ΟΔΟΣ"), "οδος", "οδο"},
        {STANZA("İzmir’de"), "izmir", "izm"},
        {STANZA("Это мой кот"), "МОЙ", "мои"},
        {STANZA("Ｃｏｖｅｎ ２"), "coven 2", "cove"},
        {STANZA("Mail me@example.org"), "example.org", "org.example"},
        {STANZA("so good 🎉🎉"), "🎉 good", "🎈"},
    };
    struct disk disk;
    disk_make(&disk);
    disk_open(&disk);
    for (size_t i = 0; i < COUNT(cases); i++) {
        char number[16];
        add(&disk, "romeo@v", "Romeo", cases[i].stanza);
        snprintf(number, sizeof number, "%zu ", i + 1);
        expect_found(&disk, words(cases[i].found), number);
        expect_found(&disk, words(cases[i].not_found), "");
    }
    disk_close(&disk);
    disk_delete(&disk);
}

/* Of the tables, or of ICU. */
static void the_file_of_another_version_is_rebuilt(void **state)
{
    (void)state;
    struct disk disk;
    char search[128], sql[64];
    disk_make(&disk);
    snprintf(search, sizeof search, "%s-search", disk.path);
    disk_open(&disk);
    add(&disk, "romeo@v", "Romeo", STANZA("我在北京"));
    expect_found(&disk, words("北京"), "1 ");
    disk_close(&disk);
    const int others[] = {2, 3000 + words_version(), 4000 + words_version() - 1};
    for (size_t i = 0; i < COUNT(others); i++) {
        snprintf(sql, sizeof sql, "DELETE FROM said; PRAGMA user_version = %d", others[i]);
        execute(search, sql);
        struct listener listener = listen_to_log();
        disk_open(&disk);
        char *log = end_listening(&listener);
        assert_non_null(strstr(log, "is of another version; rebuilding it"));
        free(log);
        expect_found(&disk, author("romeo@v"), "1 ");
        expect_found(&disk, words("北京"), "1 ");
        disk_close(&disk);
    }
    disk_delete(&disk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_have_words),
        cmocka_unit_test(ascii_is_what_icu_says),
        cmocka_unit_test(frequent_characters_are_what_icu_says),
        cmocka_unit_test(no_text_has_too_many_words),
        cmocka_unit_test(words_are_found_inside_sentences),
        cmocka_unit_test(the_file_of_another_version_is_rebuilt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
