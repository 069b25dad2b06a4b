using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tests.Faces;

public sealed class CommandTests
{
    private static readonly string Model = TestData.Path("onnx", "bert-base");

    [Theory]
    [MemberData(nameof(ErrorCases.ModelNames), MemberType = typeof(ErrorCases))]
    public async Task A_broken_model_gives_id_file_action_and_exit_code(string name)
    {
        JsonElement c = ErrorCases.Model(name);
        using var folder = new TemporaryFolder();
        using var results = new TemporaryFolder();
        var run = await ColbertProcess.Run(
            "x\n", "encode", "--document", "--model", ErrorCases.Build(c, folder), "-", "-o", results.File("out.npz"));
        AssertError(c, run);
        Assert.Empty(run.Output);
        Assert.Empty(Directory.EnumerateFileSystemEntries(results.Path));
    }

    [Theory]
    [MemberData(nameof(ErrorCases.InputNames), MemberType = typeof(ErrorCases))]
    public async Task A_bad_input_gives_id_place_and_exit_code_and_leaves_nothing_half_written(string name)
    {
        JsonElement c = ErrorCases.Input(name);
        using var folder = new TemporaryFolder();
        string file = folder.File(c.GetProperty("file").GetString()!);
        if (c.TryGetProperty("latin1", out JsonElement content)) File.WriteAllBytes(file, Encoding.Latin1.GetBytes(content.GetString()!));
        foreach (string output in new[] { "out.jsonl", "out.npz", "out" })
        {
            using var results = new TemporaryFolder();
            var run = await ColbertProcess.Run(null, "encode", "--document", "--model", Model, file, "-o", results.File(output));
            AssertError(c, run);
            bool written = c.GetProperty("written").GetBoolean();
            Assert.Equal(
                written ? [results.File(output), results.File(output + ".errors.jsonl"), results.File(output + ".manifest.json")] : [],
                Directory.EnumerateFileSystemEntries(results.Path).Order(StringComparer.Ordinal));
            if (written && output == "out.jsonl")
                Assert.Equal(c.GetProperty("results").GetInt32(), File.ReadLines(results.File(output)).Count());
        }
    }

    [Fact]
    public async Task Standard_input_to_standard_output_is_JSON_Lines_in_order()
    {
        var run = await ColbertProcess.Run("one\n\nthree \U0001F600\n", "encode", "--query", "--model", Model, "-", "-o", "-");
        Assert.Equal(0, run.Exit);
        Assert.Empty(run.Error);
        JsonElement[] lines =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement),
        ];
        Assert.Equal(["one", "", "three \U0001F600"], lines.Select(l => l.GetProperty("text").GetString()));
        using ColbertModel model = ColbertModel.Load(Model);
        float[] expected = model.EncodeQueries(["one"])[0].Values.ToArray();
        Assert.Equal(
            expected,
            lines[0].GetProperty("embedding").EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(n => n.GetSingle()));
    }

    [Theory]
    [InlineData("encode", "--query", "-o", "-")]
    [InlineData("score", "--query", "x", "--json")]
    [InlineData("tokenize")]
    public async Task JSON_shows_every_character_as_it_is(params string[] command)
    {
        const string Text = "😀 \U0002000B naïve <b> & 'x'";
        var run = await ColbertProcess.Run(Text + "\n", [.. command, "--model", Model, "-"]);
        Assert.Equal(0, run.Exit);
        Assert.Contains($"\"text\":\"{Text}\"", run.Output, StringComparison.Ordinal);
        Assert.Equal(Text, JsonDocument.Parse(run.Output).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Ids_of_JSON_Lines_and_CSV_travel_to_the_results()
    {
        var run = await ColbertProcess.Run(
            "key\tbody\n7\tone\n8\ttwo\n", "encode", "--document", "--model", Model, "-", "-o", "-", "--input-format", "tsv",
            "--text-field", "body", "--id-field", "key", "--include-tokens");
        Assert.Equal(0, run.Exit);
        JsonElement[] lines =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement),
        ];
        Assert.Equal(
            [("7", "one"), ("8", "two")], lines.Select(l => (l.GetProperty("id").GetString()!, l.GetProperty("text").GetString()!)));
        Assert.Equal(lines[0].GetProperty("tokens").GetInt32(), lines[0].GetProperty("token_ids").GetArrayLength());
    }

    [Fact]
    public async Task A_folder_has_the_names_of_the_upstream_tool_and_a_bad_text_keeps_its_number()
    {
        using TemporaryFolder folder = new TemporaryFolder().With(
            "in.jsonl", "{\"text\":\"a\"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"c\"}\n");
        var run = await ColbertProcess.Run(
            null, "encode", "--document", "--model", Model, folder.File("in.jsonl"), "-o", folder.File("out"));
        Assert.Equal(2, run.Exit);
        Assert.Contains("in.jsonl:2", run.Error, StringComparison.Ordinal);
        Assert.Equal(
            ["doc_000000.npy", "doc_000002.npy"],
            Directory.EnumerateFiles(folder.File("out"), "*.npy").Select(f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public async Task Errors_come_in_the_order_of_the_input()
    {
        string input =
            string.Concat(Enumerable.Range(1, 500).Select(i => i % 5 == 0 ? "{\"text\":\"\\ud800\"}\n" : $"{{\"text\":\"text {i}\"}}\n"));
        var run = await ColbertProcess.Run(input, "encode", "--document", "--model", Model, "-", "-o", "-", "--input-format", "jsonl");
        Assert.Equal(400, run.Output.Count(c => c == '\n'));
        Assert.Equal(
            Enumerable.Range(1, 100).Select(i => $"standard input:{i * 5}:"),
            run.Error.Split('\n').Where(l => l.Contains("InputInvalid", StringComparison.Ordinal)).Select(l => l.Split(": ")[2] + ":"));
    }

    [Fact]
    public async Task An_output_that_exists_is_replaced_only_by_force()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("out.jsonl", "mine");
        string[] arguments = ["encode", "--document", "--model", Model, "-", "-o", folder.File("out.jsonl")];
        var run = await ColbertProcess.Run("a\n", arguments);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("colbert: OutputExists:", run.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.File("out.jsonl")));
        Assert.Equal(0, (await ColbertProcess.Run("a\n", [.. arguments, "--force"])).Exit);
        Assert.StartsWith("{", File.ReadAllText(folder.File("out.jsonl")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_is_the_machines_fault()
    {
        using TemporaryFolder folder = new TemporaryFolder().With("file", "");
        foreach (string output in new[] { "out", "out.npz", "out.jsonl" })
        {
            // Below a file there is no folder, for nobody: that is refused even to who may do everything.
            var run = await ColbertProcess.Run(
                "a\n", "encode", "--document", "--model", Model, "-", "-o", Path.Combine(folder.File("file"), output));
            Assert.Equal(3, run.Exit);
            Assert.StartsWith("colbert: OutputFailed:", run.Error, StringComparison.Ordinal);
            Assert.Contains(output, run.Error, StringComparison.Ordinal);
            Assert.Equal([folder.File("file")], Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }

    [Fact]
    public async Task A_full_disk_behind_standard_output_is_told()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no /dev/full here.");
        using Process shell = ChildProcess.Start(new ProcessStartInfo(
            "sh",
            ["-c", $"echo a | '{ColbertProcess.Program}' encode --document --model '{Model}' - -o - > /dev/full"])
        {
            RedirectStandardError = true,
        });
        string error = await shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, shell.ExitCode);
        Assert.StartsWith("colbert: OutputFailed:", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Appending_to_a_file_of_the_shell_keeps_what_others_write()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Needs sh.");
        using var folder = new TemporaryFolder();
        using Process shell = ChildProcess.Start(new ProcessStartInfo(
            "sh",
            [
                "-c",
                $"(echo before; echo a | '{ColbertProcess.Program}' encode --document --model '{Model}' - -o -; echo after) > "
                    + $"'{folder.File("all")}'",
            ]));
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        string[] lines = File.ReadAllLines(folder.File("all"));
        Assert.Equal(("before", '{', "after"), (lines[0], lines[1][0], lines[2]));
    }

    [Fact]
    public async Task A_text_of_10_MB_is_encoded()
    {
        string text = string.Concat(Enumerable.Repeat("seven words that fill a long line ", 300_000));
        var run = await ColbertProcess.Run(text + "\nlast\n", "encode", "--document", "--model", Model, "-", "-o", "-");
        Assert.Equal(0, run.Exit);
        JsonElement[] lines =
        [
            .. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement),
        ];
        Assert.Equal([true, false], lines.Select(l => l.GetProperty("truncated").GetBoolean()));
        Assert.Equal(text, lines[0].GetProperty("text").GetString());
        Assert.Contains("1 of 2 texts", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ranking_is_the_order_of_the_scores()
    {
        var run = await ColbertProcess.Run(
            "the moon turns around the earth\nbread rises with yeast\na loaf of bread\n", "score", "--query", "how is bread made", "-");
        Assert.Equal(0, run.Exit);
        string[][] rows = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'))];
        Assert.Equal(["1", "2", "3"], rows.Select(r => r[0]));
        Assert.Equal("standard input:1", rows[2][2]);
        Assert.Equal(
            rows.Select(r => r[1]).OrderByDescending(s => float.Parse(s, System.Globalization.CultureInfo.InvariantCulture)),
            rows.Select(r => r[1]));

        var json = await ColbertProcess.Run(
            "{\"id\":\"x\",\"text\":\"tab\\there\"}\n", "score", "--query", "q", "-", "--input-format", "jsonl", "--json",
            "--model", Model);
        JsonElement row = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(
            ("x", "tab\there", 1),
            (row.GetProperty("id").GetString(), row.GetProperty("text").GetString(), row.GetProperty("rank").GetInt32()));
    }

    [Fact]
    public async Task Only_the_best_are_shown_and_equal_ones_in_the_order_of_the_input()
    {
        string input = string.Concat(Enumerable.Range(0, 30).Select(_ => "same\n"));
        var run = await ColbertProcess.Run(input, "score", "--query", "q", "--top", "4", "-", "--model", Model);
        Assert.Equal(
            Enumerable.Range(1, 4).Select(i => $"standard input:{i}"),
            run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')[2]));
        Assert.Contains("best 4 of 30", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_finds_leaves_for_trees()
    {
        var run = await ColbertProcess.Run(null, "demo");
        Assert.Equal(0, run.Exit);
        Assert.Empty(run.Error);
        string[] lines = run.Output.Split('\n');
        Assert.Contains(" 1. ", lines[4], StringComparison.Ordinal);
        Assert.Contains("Green leaves", lines[4], StringComparison.Ordinal);
        Assert.Equal("trees = leaves, change = comes, colour = dyes, fall = autumn", lines[6].Trim());
    }

    [Theory]
    [InlineData("")]
    [InlineData("encod")]
    [InlineData("encode x.txt -o -")]
    [InlineData("encode --query --document x.txt -o -")]
    [InlineData("encode --document x.txt")]
    [InlineData("encode --document -o -")]
    [InlineData("encode --document x.txt -o out.zip")]
    [InlineData("encode --document x.txt -o - --sessions 0")]
    [InlineData("encode --document x.txt -o - --input-format xml")]
    [InlineData("encode --document x.txt -o - --query-expansion maybe")]
    [InlineData("score x.txt")]
    public async Task Wrong_usage_is_told_on_standard_error_with_exit_code_2(string line)
    {
        var run = await ColbertProcess.Run(null, line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, run.Exit);
        Assert.Empty(run.Output);
        Assert.NotEmpty(run.Error);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("encode --help")]
    public async Task Help_goes_to_standard_output(string line)
    {
        var run = await ColbertProcess.Run(null, line.Split(' '));
        Assert.Equal(0, run.Exit);
        Assert.NotEmpty(run.Output);
        Assert.Empty(run.Error);
    }

    private static void AssertError(JsonElement c, (int Exit, string Output, string Error) run)
    {
        string[] lines = run.Error.Split('\n');
        Assert.StartsWith($"colbert: {ErrorCases.ErrorOf(c)}: ", lines[0], StringComparison.Ordinal);
        Assert.All(ErrorCases.NamesOf(c), part => Assert.Contains(part, lines[0], StringComparison.Ordinal));
        Assert.StartsWith("  ", lines[1], StringComparison.Ordinal);
        Assert.Equal(c.GetProperty("exit").GetInt32(), run.Exit);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }
}
