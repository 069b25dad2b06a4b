using ColbertOnnx.Pipeline;

namespace ColbertOnnx.Tests.Pipeline;

/// <summary>Every checkpoint of PyLate's and Stanford's layouts, all families: each text through settings, tokenizer and layout gives PyLate's own row.</summary>
public sealed class CheckpointRowsTests(ITestOutputHelper output)
{
    private const string ClassWins = "tokenizer_class is the model type's own, so that tokenizer_config.json decides what stands around the vocabulary (rule 4)";
    private const string Stanford = "prefixes and lengths of Stanford's layout stand in artifact.metadata";

    /// <summary>Cases whose rows are not PyLate's, each with the reason. One that has become right must leave this list.</summary>
    private static readonly Dictionary<string, string> Exceptions = new(StringComparer.Ordinal)
    {
        ["bert-class-wins"] = ClassWins,
        ["deberta-v3-published"] = ClassWins,
        ["modernbert-decoder-flags"] = "added_tokens_decoder of tokenizer_config.json wins over the flags of the file (rule 4)",
        ["bert-stanford"] = Stanford,
        ["bert-stanford-attend"] = Stanford,
        ["bert-stanford-bare"] = Stanford,
        ["bert-prefix-missing"] = "PyLate gives a prefix that no file knows a random row of the matrix; here that is ConfigurationInvalid",
    };

    /// <summary>Runs that PyLate itself cannot do.</summary>
    private static readonly HashSet<string> Refused =
        ["bert-arguments/document_too_long", "bert-nomask-nopad/query", "bert-prompts/query_unknown", "lfm2-skip-unknown/document"];

    public static TheoryData<string> Names => [.. ReferenceCase.PylateNames];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_of_a_checkpoint_gives_the_row_of_PyLate(string name)
    {
        using ReferenceCase reference = ReferenceCase.Load(name);
        int rows = 0;
        Exception? difference = Record.Exception(() => rows = Check(reference));
        if (Exceptions.TryGetValue(name, out string? reason))
        {
            output.WriteLine($"{name} is an exception: {reason}");
            Assert.True(difference is not null, $"{name} gives PyLate's rows: take it off the list of exceptions.");
            return;
        }

        if (difference is not null) Assert.Fail(difference.Message);
        output.WriteLine($"{name}: {rows} rows");
    }

    [Fact]
    public void All_110_cases_are_checked_and_every_exception_is_one_of_them()
    {
        Assert.Equal(110, ReferenceCase.PylateNames.Count);
        Assert.Empty(Exceptions.Keys.Except(ReferenceCase.PylateNames));
    }

    private static int Check(ReferenceCase reference)
    {
        int rows = 0;
        var row = new TokenRow();
        foreach (ReferenceRun run in reference.Runs)
        {
            Assert.Equal(Refused.Contains(run.ToString()), run.ExpectsError);
            if (run.ExpectsError || !run.HasRows) continue;
            var layout = new RowLayout(CheckpointProfile.Of(reference.Checkpoint, run));
            for (int i = 0; i < reference.Texts.Count; i++, rows++)
            {
                layout.Lay(reference.Texts[i], run.Kind, row);
                RowAssert.Equal(run, i, row);
            }
        }

        return rows;
    }
}
