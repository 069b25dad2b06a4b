namespace ColbertOnnx.Tests.Documents;

/// <summary>docs/errors.md, and the same as a topic of the module's help.</summary>
public sealed class ErrorPageTests
{
    private static readonly string[][] Rows = [.. Pages.Rows(Pages.Read("docs/errors.md"))];

    [Fact]
    public void The_table_has_a_row_for_each_id_in_their_order() =>
        Assert.Equal(Enum.GetNames<ColbertErrorId>(), Rows.Select(row => row[0].Trim('`')));

    [Fact]
    public void Each_row_has_the_exit_code_of_its_id() =>
        Assert.All(Rows, row => Assert.Equal($"{new ColbertException(Enum.Parse<ColbertErrorId>(row[0].Trim('`')), "").ExitCode}", row[1]));

    [Fact]
    public void The_topic_of_the_help_says_what_the_table_says()
    {
        IEnumerable<string> items = Pages.Read("module/docs/en-US/about_ColbertOnnx_Errors.md").Split('\n')
            .Where(line => line.StartsWith("- ", StringComparison.Ordinal));
        Assert.Equal(Rows.Select(row => $"- {row[0].Trim('`')} ({row[1]}): {row[2]} {row[3]}"), items);
    }
}
