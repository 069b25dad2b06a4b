using ColbertOnnx.Diagnostics;

namespace ColbertOnnx.Tests.Diagnostics;

public sealed class ThroughputBaselineTests
{
    [Theory]
    [InlineData(100, 0.97, 90.1, 0.10, null)]
    [InlineData(100, 0.97, 89.9, 0.97, "documents a second")]
    [InlineData(100, 0.97, 200, 0.10, null)]
    public void On_the_same_machine_documents_a_second_count_and_the_share_does_not(
        double stored, double storedShare, double now, double share, string? missed) =>
        AssertMiss(missed, Check([Results.Of(stored, storedShare)], Results.Of(now, share)));

    [Theory]
    [InlineData("other", 2, 0.88, null)]
    [InlineData("other", 2, 0.87, "another machine")]
    [InlineData("EPYC", 64, 0.87, "another machine")]
    public void On_another_machine_the_share_counts_and_documents_a_second_do_not(
        string cpu, int cpuCount, double share, string? missed) =>
        AssertMiss(missed, Check([Results.Of(1000)], Results.Of(10, share, cpu, cpuCount)));

    [Fact]
    public void The_tolerance_is_the_user_s()
    {
        Assert.NotNull(Check([Results.Of()], Results.Of(98), 0.01));
        Assert.Null(Check([Results.Of()], Results.Of(51), 0.5));
    }

    [Fact]
    public void A_result_is_compared_with_the_one_of_its_own_configuration()
    {
        ColbertThroughput[] stored =
        [
            Results.Of(500, sessions: 25), Results.Of(), Results.Of(900, batch: 8), Results.Of(50, quantized: false),
        ];
        Assert.Null(Check(stored, Results.Of(95)));
        Assert.NotNull(Check(stored, Results.Of(95, sessions: 25)));
        ColbertException error = Check(stored, Results.Of(sessions: 3))!;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("3 sessions", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_provider_is_another_configuration_and_a_result_without_one_ran_on_the_CPU()
    {
        Assert.Null(Check([Results.Of(500, providers: "Cuda"), Results.Of(100)], Results.Of(95)));
        Assert.NotNull(Check([Results.Of(500, providers: "Cuda"), Results.Of(100)], Results.Of(95, providers: "Cuda")));
        ColbertException error = Check([Results.Of()], Results.Of(providers: ["TensorRT", "Cuda"]))!;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("on TensorRT, Cuda", error.Message, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        string old = Results.Of(100).ToJson().Replace(",\"executionProviders\":[]", "", StringComparison.Ordinal);
        Assert.DoesNotContain("executionProviders", old, StringComparison.Ordinal);
        Assert.Null(ThroughputBaseline.Read(folder.With("old.json", old).File("old.json")).Check(Results.Of(95)));
    }

    [Fact]
    public void Other_arguments_are_another_configuration_and_old_results_have_none_of_the_new_ones()
    {
        static ColbertThroughput With(ColbertThroughput result, ColbertModelOptions options) =>
            result with { Configuration = result.Configuration with { Arguments = EncodingArguments.Of(options) } };
        ColbertModelOptions[] given =
        [
            new() { QueryPrefix = "" }, new() { DocumentPrefix = "" }, new() { DocumentPrefix = "x" }, new() { PromptName = "a" },
            new() { Prompt = "a" }, new() { Prompt = "" },
            new() { ProtectedTokens = 2 }, new() { PoolFactor = 2 }, new() { Skiplist = [] },
            new() { QueryExpansion = QueryExpansion.Off }, new() { DocumentLength = 40 },
        ];
        for (int i = 0; i < given.Length; i++)
        {
            for (int j = 0; j < given.Length; j++)
                Assert.Equal(i != j, Check([With(Results.Of(), given[i])], With(Results.Of(), given[j])) is not null);
            Assert.NotNull(Check([Results.Of()], With(Results.Of(), given[i])));
            Assert.NotNull(Check([With(Results.Of(), given[i])], Results.Of()));
            Assert.Empty(ThroughputSchema.Errors(With(Results.Of(), given[i]).ToJson()));
        }

        Assert.Null(Check([With(Results.Of(), new() { PromptName = "a", Prompt = "b" })], With(Results.Of(), new() { Prompt = "b" })));
        ColbertException error = Check([Results.Of()], With(Results.Of(), new() { DocumentPrefix = "x" }))!;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("documentPrefix 'x'", error.Message, StringComparison.Ordinal);

        using var folder = new TemporaryFolder();
        string old = Results.Of().ToJson().Replace(",\"arguments\":{}", "", StringComparison.Ordinal);
        Assert.DoesNotContain("arguments", old, StringComparison.Ordinal);
        ThroughputBaseline baseline = ThroughputBaseline.Read(folder.With("old.json", old).File("old.json"));
        Assert.Null(baseline.Check(Results.Of()));
        Assert.Null(baseline.Check(With(Results.Of(), new() { DocumentLength = 40 })));
        Assert.NotNull(baseline.Check(With(Results.Of(), new() { DocumentPrefix = "" })));
    }

    [Fact]
    public void Default_sessions_are_one_configuration_on_every_machine()
    {
        static ColbertThroughput Default(ColbertThroughput result) =>
            result with { Configuration = result.Configuration with { IsSessionsDefault = true } };
        Assert.Null(Check([Default(Results.Of(sessions: 2))], Default(Results.Of(cpuCount: 64, sessions: 64))));
        Assert.NotNull(Check([Default(Results.Of(sessions: 2))], Results.Of(cpuCount: 64, sessions: 64)));
    }

    [Fact]
    public void Other_texts_are_nothing_to_compare_with()
    {
        ColbertThroughput result = Results.Of();
        ColbertException error = Check([result], result with { Texts = result.Texts with { TokensPerText = new(32, 32, 32) } })!;
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains("180", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_lists_and_indented_objects_are_read()
    {
        string line = Results.Of().ToJson();
        string indented = line.Replace(",", ",\n  ", StringComparison.Ordinal);
        foreach (string content in new[] { line, $"\uFEFF{line}\n{line}\n", $"[{line},\n{line}]", indented })
        {
            using TemporaryFolder folder = new TemporaryFolder().With("old.json", content);
            Assert.Null(ThroughputBaseline.Read(folder.File("old.json")).Check(Results.Of()));
        }
    }

    [Theory]
    [InlineData("", "old.json:1")]
    [InlineData("[]", "old.json:1")]
    [InlineData("{}", "old.json:1")]
    [InlineData("\n\n3", "old.json:3")]
    [InlineData("GOOD\n{\"configuration\": {}}", "old.json:2")]
    [InlineData("GOOD\n{\"configuration\"", "old.json:2")]
    [InlineData("GOOD\nnot json", "old.json:2")]
    [InlineData("BAD", "'shareOfEngine'")]
    public void A_file_that_is_no_baseline_is_told_with_its_place(string content, string place)
    {
        string good = Results.Of().ToJson();
        content = content.Replace("GOOD", good, StringComparison.Ordinal)
            .Replace("BAD", good.Replace("shareOfEngine", "share", StringComparison.Ordinal), StringComparison.Ordinal);
        using TemporaryFolder folder = new TemporaryFolder().With("old.json", content);
        ColbertException error = Assert.Throws<ColbertException>(() => ThroughputBaseline.Read(folder.File("old.json")));
        Assert.Equal(ColbertErrorId.InputInvalid, error.Id);
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told() =>
        Assert.Contains(
            "none.json", Assert.Throws<ColbertException>(() => ThroughputBaseline.Read("none.json")).Message, StringComparison.Ordinal);

    private static void AssertMiss(string? said, ColbertException? error)
    {
        Assert.Equal(said is not null, error is not null);
        if (error is null) return;
        Assert.Equal((ColbertErrorId.BaselineMissed, 1), (error.Id, error.ExitCode));
        Assert.Contains(said!, error.Message, StringComparison.Ordinal);
        Assert.Contains("old.json:", error.Message, StringComparison.Ordinal);
    }

    private static ColbertException? Check(ColbertThroughput[] stored, ColbertThroughput result, double tolerance = 0.1)
    {
        using TemporaryFolder folder = new TemporaryFolder().With("old.json", string.Join('\n', stored.Select(s => s.ToJson())));
        return ThroughputBaseline.Read(folder.File("old.json")).Check(result, tolerance);
    }
}
