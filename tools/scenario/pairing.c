#include "pairing.h"

#include <stdlib.h>

#include "coven/mem.h"

/* Kuhn's algorithm: where all fitting partners are taken, one of them moves to another partner. */
struct search {
    const struct pairing *pairing;
    int *taken_by; /* for each on the right: its partner, or -1 */
    bool *asked;   /* for each on the right: tried in this search */
};

static bool find_partner(struct search *search, int left)
{
    const struct pairing *pairing = search->pairing;
    for (int right = 0; right < pairing->right; right++) {
        if (search->asked[right] || !pairing->fits(pairing->user, left, right))
            continue;
        search->asked[right] = true;
        if (search->taken_by[right] >= 0 && !find_partner(search, search->taken_by[right]))
            continue;
        search->taken_by[right] = left;
        return true;
    }
    return false;
}

bool pairing_find(const struct pairing *pairing, int *partner_r)
{
    size_t right = (size_t)pairing->right;
    struct search search = {pairing, mem_new((right + 1) * sizeof(int)), NULL};
    for (size_t i = 0; i < right; i++)
        search.taken_by[i] = -1;
    bool all = true;
    for (int left = 0; left < pairing->left; left++) {
        search.asked = mem_new(right + 1);
        all = find_partner(&search, left) && all;
        free(search.asked);
        partner_r[left] = -1;
    }
    for (int i = 0; i < pairing->right; i++)
        if (search.taken_by[i] >= 0)
            partner_r[search.taken_by[i]] = i;
    free(search.taken_by);
    return all;
}
