using ColbertOnnx.Diagnostics;
using ColbertOnnx.Diagnostics.Parity.References;

namespace ColbertOnnx.Tests.Diagnostics.Parity;

/// <summary>A reference of the same model with one setting changed: what differs is named, and nothing else.</summary>
public sealed class OptionChangedTests
{
    private static readonly string Tiny = TestData.Path("onnx", "bert-base");

    public static TheoryData<string, ColbertModelOptions, ColbertParityCause, string> Changes() => new()
    {
        { "expansion off", new() { QueryExpansion = QueryExpansion.Off }, ColbertParityCause.ExpansionMissing, "is not expanded: its 2" },
        { "queries of 16", new() { QueryLength = 16 }, ColbertParityCause.ExpansionMissing, "expanded to 16 tokens, and here to 32" },
        { "queries of 48", new() { QueryLength = 48 }, ColbertParityCause.ExpansionExtra, "expanded to 48 tokens, and here to 32" },
        { "documents of 24", new() { DocumentLength = 24 }, ColbertParityCause.CutEarlier, "the document at about 24 tokens, and here it" },
        { "documents of 80", new() { DocumentLength = 80 }, ColbertParityCause.CutLater, "cut here at 48 tokens" },
        { "no skiplist", new() { Skiplist = [] }, ColbertParityCause.SkiplistKept, "'.'" },
        {
            "a word on the skiplist", new() { Skiplist = [.. "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~".Select(c => c.ToString()), "is"] },
            ColbertParityCause.SkiplistDropped, "'is'"
        },
        { "pooled by 2", new() { PoolFactor = 2 }, ColbertParityCause.Pooled, "pool_factor 2, 1 protected" },
        { "pooled by 3", new() { PoolFactor = 3, ProtectedTokens = 0 }, ColbertParityCause.Pooled, "pool_factor 3, 0 protected" },
        { "pooled by 20", new() { PoolFactor = 20, ProtectedTokens = 4 }, ColbertParityCause.Pooled, "pool_factor 20, 4 protected" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void One_setting_that_differs_is_named(string name, ColbertModelOptions options, ColbertParityCause cause, string sentence)
    {
        using ColbertModel here = ColbertModel.Load(Tiny), there = ColbertModel.Load(Tiny, options);
        List<ColbertTextParity> texts = [];
        ColbertParity parity = ColbertReference.Compare(
            here, there, accept: texts.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.False(parity.Passed, name);
        // A query of 16 or 48 tokens is cut elsewhere as well, when its text is that long.
        ColbertParityCause[] allowed = cause is ColbertParityCause.ExpansionMissing or ColbertParityCause.ExpansionExtra
            ? [cause, ColbertParityCause.CutEarlier, ColbertParityCause.CutLater]
            : [cause];
        Assert.All(parity.Causes, found => Assert.Contains(found.Key, allowed));
        Assert.Equal(cause, parity.Causes[0].Key);
        Assert.Contains(texts, text => text.Explanation.Contains(sentence, StringComparison.Ordinal));
        Assert.All(texts.Where(text => !text.Passed), text => Assert.NotEmpty(text.Explanation));
        Assert.Equal(texts.Count(text => text.TokenCount != text.ReferenceTokenCount), parity.OtherRows);
        Assert.Equal(
            name.StartsWith("queries", StringComparison.Ordinal) || name.StartsWith("expansion", StringComparison.Ordinal)
                ? TextKind.Query
                : TextKind.Document,
            texts.First(text => !text.Passed).Kind);
        Assert.Single(parity.SettingsThatDiffer, difference => !difference.StartsWith("attend", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, ColbertParityCause.PrefixMissing, "no token vector for the prefix token '[")]
    [InlineData(false, ColbertParityCause.PrefixExtra, "a token vector more behind the first one: a prefix token")]
    public void A_prefix_on_one_side_alone_is_named(bool isThere, ColbertParityCause cause, string sentence)
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(Tiny);
        string settings = File.ReadAllText(folder.File("onnx_config.json"));
        settings = settings.Replace("\"[Q] \"", "\"\"", StringComparison.Ordinal).Replace("\"[D] \"", "\"\"", StringComparison.Ordinal);
        folder.With(
            "onnx_config.json",
            string.Join('\n', settings.Split('\n').Where(line => !line.Contains("prefix_id", StringComparison.Ordinal))));
        using ColbertModel with = ColbertModel.Load(Tiny), without = ColbertModel.Load(folder.Path);
        List<ColbertTextParity> texts = [];
        ColbertParity parity = ColbertReference.Compare(
            isThere ? with : without, isThere ? without : with, accept: texts.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(cause, parity.Causes[0].Key);
        // Token vectors of texts that are nearly empty, or full of one word, hardly say where one is missing.
        Assert.InRange(parity.Causes[0].Value, parity.Texts * 0.8, parity.Texts);
        Assert.Contains(texts, text => text.Explanation.Contains(sentence, StringComparison.Ordinal));
        ColbertTextParity plain = texts.First(text => text.Kind == TextKind.Document);
        Assert.Equal([cause], plain.Causes);
        Assert.Equal((isThere, 1, 1), (plain.Gaps.Single().IsHere, plain.Gaps.Single().Row, plain.Gaps.Single().Count));
        if (isThere) Assert.Equal("[D] ", plain.Gaps.Single().Tokens.Single());
        Assert.Equal(2, parity.SettingsThatDiffer.Count);
    }

    [Fact]
    public void Expansion_that_is_attended_to_gives_other_numbers_of_the_same_rows()
    {
        using ColbertModel here = ColbertModel.Load(Tiny),
            there = ColbertModel.Load(Tiny, new() { QueryExpansion = QueryExpansion.Attend });
        ColbertParity parity = ColbertReference.Compare(here, there, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((0, parity.Queries - 1), (parity.OtherRows, parity.Missed));
        Assert.Equal([ColbertParityCause.OtherNumbers], parity.Causes.Select(cause => cause.Key));
        Assert.Equal("attend_to_expansion_tokens is 'true' in the reference and 'false' here.", Assert.Single(parity.SettingsThatDiffer));
    }

    [Fact]
    public void Queries_that_a_reference_pools_by_its_settings_are_named()
    {
        using TemporaryFolder folder = new TemporaryFolder().Copy(Tiny);
        string settings = File.ReadAllText(folder.File("onnx_config.json"));
        folder.With("onnx_config.json", settings.Insert(settings.IndexOf('{') + 1, "\"pool_factor\": 2.5, \"pool_tasks\": [\"query\"],"));
        using ColbertModel here = ColbertModel.Load(Tiny), there = ColbertModel.Load(folder.Path);
        List<ColbertTextParity> texts = [];
        ColbertParity parity = ColbertReference.Compare(
            here, there, accept: texts.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([ColbertParityCause.Pooled], parity.Causes.Select(cause => cause.Key));
        Assert.All(texts, text => Assert.Equal(text.Kind == TextKind.Document, text.Passed));
        Assert.Contains(texts, text => text.Explanation.Contains("pool_factor 2.5, 1 protected", StringComparison.Ordinal));
        Assert.Equal(["pool_factor is '2.5' in the reference and '1' here."], parity.SettingsThatDiffer);

        ColbertParity pooled = ColbertReference.Compare(there, here, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(2, pooled.SettingsThatDiffer.Count);
    }

    [Theory]
    [InlineData("2.5", "4", 2.5, 4)]
    [InlineData("2", null, 2.0, 1)]
    [InlineData("1e300", "1e300", 1e300, int.MaxValue)]
    [InlineData("2", "-3", 2.0, 0)]
    [InlineData("1", "4", null, 0)]
    [InlineData("NaN", "4", null, 0)]
    [InlineData("Infinity", "4", null, 0)]
    [InlineData("two", "4", null, 0)]
    [InlineData(null, "4", null, 0)]
    public void A_reference_says_its_pooling_in_any_spelling_or_none(string? said, string? spared, double? factor, int count)
    {
        Dictionary<string, string> settings = [];
        if (said is not null) settings["pool_factor"] = said;
        if (spared is not null) settings["num_protected_tokens"] = spared;
        Assert.Equal(factor is { } number ? (number, count) : null, ReferenceSettings.PoolingOf(settings));
    }

    [Fact]
    public void A_model_that_pools_says_that_the_reference_does_not()
    {
        using ColbertModel here = ColbertModel.Load(Tiny, new() { PoolFactor = 2 }), there = ColbertModel.Load(Tiny);
        ColbertParity parity = ColbertReference.Compare(here, there, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([ColbertParityCause.NotPooled], parity.Causes.Select(cause => cause.Key));
    }

    [Fact]
    public void Causes_that_come_together_are_all_named()
    {
        using ColbertModel here = ColbertModel.Load(Tiny), there = ColbertModel.Load(Tiny, new() { Skiplist = [], DocumentLength = 24 });
        List<ColbertTextParity> texts = [];
        ColbertReference.Compare(here, there, null, [Text], accept: texts.Add, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal([ColbertParityCause.CutEarlier, ColbertParityCause.SkiplistKept], Assert.Single(texts).Causes.Order().Reverse());
    }

    private const string Text =
        "One, two; three: the words of this text are, as far as anybody knows, more than four and twenty, and commas stand between them.";
}
