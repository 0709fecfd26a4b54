#include "avatar.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>

#include "coven/id.h"
#include "coven/mem.h"
#include "coven/stored_xml.h"
#include "room.h"

#define HEX        "0123456789abcdef"
#define PHOTOS_MAX 8

/* Adds the hash of the image (XEP-0153) to `hashes`. False: it is not valid base64. */
static bool add_hash(struct buf *hashes, struct span base64)
{
    int decoded = 0, rest = 0;
    unsigned char digest[SHA_DIGEST_LENGTH];
    char text[AVATAR_HASH_CHARS + 1];
    unsigned char *image = mem_new(base64.len + 4);
    EVP_ENCODE_CTX *decoder = EVP_ENCODE_CTX_new();
    if (!decoder)
        mem_exhausted();
    EVP_DecodeInit(decoder);
    bool good = EVP_DecodeUpdate(decoder, image, &decoded, (const unsigned char *)base64.at,
                                 (int)base64.len) >= 0;
    good = good && EVP_DecodeFinal(decoder, image + decoded, &rest) == 1 && decoded + rest > 0;
    if (good) {
        SHA1(image, (size_t)(decoded + rest), digest);
        id_hex(digest, sizeof digest, text);
        buf_add_text(hashes, text);
    }
    EVP_ENCODE_CTX_free(decoder);
    free(image);
    return good;
}

static bool read_photo(struct stored_xml *photo, struct buf *hashes)
{
    struct stored_xml image;
    struct buf base64 = BUF_INIT;
    bool good = !stored_xml_child(&photo->inner, "BINVAL", NULL, &image) ||
                (stored_xml_text(&image, &base64) && add_hash(hashes, buf_span(&base64)));
    buf_free(&base64);
    return good;
}

bool avatar_read(struct span card, struct buf *hashes)
{
    struct stored_xml element, photo;
    if (card.len == 0 || !stored_xml_open(card, &element))
        return card.len == 0;
    for (int i = 0; stored_xml_child(&element.inner, "PHOTO", NULL, &photo); i++) {
        if (i == PHOTOS_MAX || !read_photo(&photo, hashes))
            return false;
    }
    return true;
}

void avatar_load(struct room *room, const struct store_option *row)
{
    if (!span_is(row->var, AVATAR_ROW))
        return;
    char *hashes = mem_copy(row->value.at, row->value.len);
    bool sound = row->value.len % AVATAR_HASH_CHARS == 0 && strspn(hashes, HEX) == row->value.len;
    free(room->avatar);
    room->avatar = sound && row->value.len > 0 ? hashes : NULL;
    if (!room->avatar)
        free(hashes);
}

bool avatar_is_same(const char *a, const char *b)
{
    return a && b ? strncmp(a, b, AVATAR_HASH_CHARS) == 0 : a == b;
}
