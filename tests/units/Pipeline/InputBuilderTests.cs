using System.Collections.Frozen;
using ColbertOnnx.Modeling;
using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>The rules of the input by hand: 1 and 2 are the template's tokens, 7 and 8 the prefixes, 9 expands.</summary>
public sealed class InputBuilderTests
{
    private static ResolvedSettings Resolved(
        int length = 6, QueryExpansion expansion = QueryExpansion.On, bool prefixes = true, TokenSide padding = TokenSide.Right,
        params int[] skipped) => new()
        {
            Settings = new SettingsReader("no settings files here").Read(new()
            {
                QueryLength = length,
                DocumentLength = length,
                QueryExpansion = expansion,
            }),
            Tokenizer = null!,
            QueryPrefixId = prefixes ? 7 : null,
            DocumentPrefixId = prefixes ? 8 : null,
            ExpansionTokenId = 9,
            SkippedIds = skipped.ToFrozenSet(),
            PaddingSide = padding,
        };

    private static ModelInput Lay(ResolvedSettings resolved, TextKind kind, params int[] content)
    {
        var input = new ModelInput();
        InputBuilder.Arrange(resolved, kind, content, input);
        TokenMask.Select(resolved, kind, input);
        return input;
    }

    private static void Check(ModelInput input, int[] ids, byte[] attention, int[] kept)
    {
        Assert.Equal(ids, input.Ids.ToArray());
        Assert.Equal(attention, input.AttentionMask.ToArray());
        Assert.Equal(kept, input.Kept.ToArray());
    }

    [Fact]
    public void Rule_05_a_prefix_costs_one_token_of_the_limit()
    {
        Assert.Equal(5, InputBuilder.ContentLimit(Resolved(6), TextKind.Query));
        Assert.Equal(6, InputBuilder.ContentLimit(Resolved(6, prefixes: false), TextKind.Document));
    }

    [Fact]
    public void Rule_06_the_prefix_goes_to_index_1_whatever_stands_at_index_0()
    {
        Check(Lay(Resolved(), TextKind.Document, 1, 5, 2), [1, 8, 5, 2], [1, 1, 1, 1], [0, 1, 2, 3]);
        Check(Lay(Resolved(), TextKind.Document, 5), [5, 8], [1, 1], [0, 1]);
        Check(Lay(Resolved(), TextKind.Document), [8], [1], [0]);
        Check(Lay(Resolved(3), TextKind.Query), [9, 7, 9], [0, 1, 0], [0, 1, 2]);
        Check(Lay(Resolved(prefixes: false), TextKind.Document, 1, 5, 2), [1, 5, 2], [1, 1, 1], [0, 1, 2]);
        Check(Lay(Resolved(5, padding: TokenSide.Left), TextKind.Query, 5, 2), [9, 7, 9, 5, 2], [0, 1, 0, 1, 1], [0, 1, 2, 3, 4]);
    }

    [Fact]
    public void Rule_07_query_expansion_pads_to_exactly_query_length()
    {
        Check(Lay(Resolved(), TextKind.Query, 1, 5, 2), [1, 7, 5, 2, 9, 9], [1, 1, 1, 1, 0, 0], [0, 1, 2, 3, 4, 5]);
        Check(Lay(Resolved(4), TextKind.Query, 1, 5, 2), [1, 7, 5, 2], [1, 1, 1, 1], [0, 1, 2, 3]);
        Check(Lay(Resolved(prefixes: false), TextKind.Query, 1, 2), [1, 2, 9, 9, 9, 9], [1, 1, 0, 0, 0, 0], [0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public void Rule_07_expansion_tokens_are_attended_to_only_where_the_model_says_so() =>
        Check(Lay(Resolved(5, QueryExpansion.Attend), TextKind.Query, 1, 2), [1, 7, 2, 9, 9], [1, 1, 1, 1, 1], [0, 1, 2, 3, 4]);

    [Fact]
    public void Rule_07_without_expansion_nothing_is_padded() =>
        Check(Lay(Resolved(5, QueryExpansion.Off), TextKind.Query, 1, 2), [1, 7, 2], [1, 1, 1], [0, 1, 2]);

    [Fact]
    public void Rule_08_documents_are_never_expanded() =>
        Check(Lay(Resolved(9, QueryExpansion.Attend), TextKind.Document, 1, 2), [1, 8, 2], [1, 1, 1], [0, 1, 2]);

    [Fact]
    public void Rule_10_the_skiplist_does_not_touch_queries()
    {
        Check(
            Lay(Resolved(6, QueryExpansion.On, true, TokenSide.Right, 5, 9), TextKind.Query, 1, 5, 2), [1, 7, 5, 2, 9, 9],
            [1, 1, 1, 1, 0, 0], [0, 1, 2, 3, 4, 5]);
        Check(
            Lay(Resolved(6, QueryExpansion.Off, true, TokenSide.Right, 5), TextKind.Query, 1, 5, 2), [1, 7, 5, 2],
            [1, 1, 1, 1], [0, 1, 2, 3]);
    }

    [Fact]
    public void Rule_11_documents_lose_the_vectors_that_the_skiplist_names_special_ones_included()
    {
        Check(
            Lay(Resolved(9, QueryExpansion.On, true, TokenSide.Right, 5), TextKind.Document, 1, 5, 6, 5, 2), [1, 8, 5, 6, 5, 2],
            [1, 1, 1, 1, 1, 1], [0, 1, 3, 5]);
        Check(
            Lay(Resolved(9, QueryExpansion.On, true, TokenSide.Right, 1, 2, 8), TextKind.Document, 1, 6, 2), [1, 8, 6, 2],
            [1, 1, 1, 1], [2]);
    }
}
