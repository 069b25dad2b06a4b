using ColbertOnnx.Help;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Cmdlets;

public sealed class HelpTests
{
    private static readonly string Pages = Path.Combine(TestData.Repository, "module", "docs", "en-US");

    private static IReadOnlyList<CmdletSyntax> Cmdlets { get; } = CmdletSyntax.All(typeof(ColbertCmdlet).Assembly);

    public static TheoryData<string> Names() => [.. Cmdlets.Select(cmdlet => cmdlet.Name)];

    [Fact]
    public void The_help_file_is_what_the_pages_and_the_cmdlets_make_of_it()
    {
        string file = Path.Combine(TestData.Repository, "en-US", "ColbertOnnx.dll-Help.xml");
        Assert.True(
            MamlWriter.Write(Cmdlets, Pages) == File.ReadAllText(file).ReplaceLineEndings("\n"),
            "Run `dotnet run --project tools/Help` and commit what it writes.");
    }

    [Fact]
    public void The_topics_are_what_their_pages_make_of_them()
    {
        string[] pages = [.. Directory.EnumerateFiles(Pages, "about_*.md").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(pages);
        foreach (string page in pages)
        {
            string name = Path.GetFileNameWithoutExtension(page);
            string text = AboutTopic.Write(File.ReadAllText(page));
            string file = Path.Combine(TestData.Repository, "en-US", $"{name}.help.txt");
            Assert.True(
                File.Exists(file) && text == File.ReadAllText(file).ReplaceLineEndings("\n"),
                "Run `dotnet run --project tools/Help` and commit what it writes.");
            Assert.StartsWith($"TOPIC\n    {name}\n\nSHORT DESCRIPTION\n    ", text, StringComparison.Ordinal);
        }

        Assert.Equal(pages.Length, Directory.GetFiles(Path.Combine(TestData.Repository, "en-US"), "about_*").Length);
    }

    [Fact]
    public void A_topic_has_its_paragraphs_wrapped_its_lists_hanging_and_its_code_as_it_stands()
    {
        string text = AboutTopic.Write("# about_X\n\nOne line.\n\nText of `code` and\nmore.\n\n## Part\n\n- one\n- "
            + string.Concat(Enumerable.Repeat("word ", 20)) + "\n\n```powershell\na\n\n  b\n```\n");
        string expected =
            "TOPIC\n    about_X\n\nSHORT DESCRIPTION\n    One line.\n\nLONG DESCRIPTION\n    Text of code and more.\n\nPART\n    - "
                + "one\n    - "
                + string.Join(' ', Enumerable.Repeat("word", 15)) + "\n      " + string.Join(' ', Enumerable.Repeat("word", 5))
                + "\n\n        a\n\n          b\n";
        Assert.Equal(expected, text);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_repeats_what_the_attributes_say_of_each_parameter(string name)
    {
        CmdletSyntax cmdlet = Cmdlets.Single(c => c.Name == name);
        string page = File.ReadAllText(Path.Combine(Pages, $"{name}.md")).ReplaceLineEndings("\n");
        foreach (CmdletParameter parameter in cmdlet.Parameters)
        {
            int heading = page.IndexOf($"### -{parameter.Name}\n", StringComparison.Ordinal);
            Assert.True(heading >= 0, $"{name}.md has no part about -{parameter.Name}.");
            int next = page.IndexOf("\n#", heading + 4, StringComparison.Ordinal);
            string part = page[heading..(next < 0 ? page.Length : next)];
            Assert.True(
                part.TrimEnd().EndsWith(parameter.Summary, StringComparison.Ordinal),
                $"{name}.md should end its part about -{parameter.Name} with {parameter.Summary}.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_has_a_synopsis_a_description_an_output_and_examples(string name)
    {
        CmdletSyntax cmdlet = Cmdlets.Single(c => c.Name == name);
        HelpPage page = HelpPage.Read(Path.Combine(Pages, $"{name}.md"));
        Assert.Equal(name, page.Name);
        Assert.NotEmpty(page.Synopsis);
        Assert.NotEmpty(page.Description);
        Assert.NotEmpty(page.Outputs);
        Assert.All(
            page.Parameters.Keys,
            parameter => Assert.True(
                parameter is "WhatIf" or "Confirm" || cmdlet.Parameters.Any(p => p.Name == parameter), $"There is no -{parameter}."));
        Assert.True(page.Examples.Count >= 2, "Two examples at least.");
    }
}
