"""The function words of English that charts and topics leave out; counts never do."""

# Closed classes of English only: articles, pronouns, prepositions, conjunctions, auxiliaries, a few adverbs.
# No noun, no full verb, no adjective of content. “us” is the pronoun; the country is “u.s.”.
FUNCTION_WORDS = frozenset(
    """
    a an the this that these those
    i me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself
    it its itself they them their theirs themselves one one's who whom whose which what whatever whoever
    and or but nor so yet if then than because although though while whereas unless until since when whenever where
    wherever whether how why as
    of in on at by for with about against between among amongst into through during before after above below to from up
    down out off over under within without toward towards upon across along around behind beyond despite except like
    near onto per via amid beside besides throughout
    is am are was were be been being has have had having do does did doing done
    can cannot could may might must shall should will would ought
    not no neither either both each every any some such all most more less least much many few other others another
    own same several enough
    again also already always almost even ever further furthermore here hence however indeed instead just meanwhile
    moreover never nevertheless nonetheless now often only perhaps quite rather still thereby therefore there thus too
    very well yet once
    i.e e.g etc i.e. e.g. cf vs
    don't doesn't didn't isn't aren't wasn't weren't can't couldn't won't wouldn't shouldn't hasn't haven't hadn't
    it's that's there's they're we're he's she's let's who's what's
    """.split()
)
