namespace ColbertOnnx.Tests.Documents;

/// <summary>Numbers that stand on two pages are the same: summaries repeat the medians of the tables that commands print.</summary>
public sealed class PerformancePageTests
{
    private const string Machine = "docs/performance/intel-xeon.md";

    [Fact]
    public void The_readme_has_the_medians_of_the_table_of_the_machine()
    {
        string[][] shown = [.. Pages.Rows(Pages.Part("README.md", "## Speed"))];
        string[][] measured = [.. Pages.Rows(Pages.Part(Machine, "### bert-12x384, texts of 180 tokens"))];
        Assert.True(shown.Length >= 4);
        foreach (string[] row in shown)
        {
            string[] source = measured.Single(other => other[0] == row[0] && other[1] == "INT8");
            Assert.Equal([Median(source[2]), Median(source[4]), Median(source[5])], row[1..]);
        }
    }

    [Fact]
    public void The_summary_has_the_medians_of_the_tables_of_the_machine()
    {
        string[][] shown = [.. Pages.Rows(Pages.Part("docs/performance/README.md", "## The encoder in one table"))];
        Assert.True(shown.Length >= 9);
        foreach (string[] row in shown)
        {
            string[][] measured = [.. Pages.Rows(Pages.Part(Machine, $"### {row[0]}, texts of {row[1]}"))];
            Assert.Equal(Median(measured.Single(other => other[0] == "this encoder, 2 sessions" && other[1] == "INT8")[2]), row[2]);
            string[] others = ["raw session loop", "next-plaid-onnx, 2 sessions", "transformers.js on our graph"];
            Assert.Equal(
                others.Select(other => Median(measured.Single(ratio => ratio[0] == $"this encoder, 2 sessions, against {other}, INT8")[2])),
                row[3..]);
        }
    }

    // Of "minimum median maximum".
    private static string Median(string cell) => cell.Split(' ')[1];
}
