using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ColbertOnnx.Tests.Faces;

/// <summary>
/// module/ColbertOnnx.Format.ps1xml, which PowerShell runs where no method of ours may be called: its expressions do what ShownText does.
/// </summary>
public sealed partial class FormatFileTests
{
    // Properties whose text comes from a text, a file, a model or a driver.
    private static readonly string[] Foreign =
    [
        "Id", "Text", "Name", "Path", "File", "ModelType", "Files", "Model", "Reference", "MadeBy", "QueryToken", "DocumentToken",
        "WorstToken", "WorstText", "Explanation",
        "Location", "Version", "Devices", "Reason", "QueryPrefix", "DocumentPrefix", "Skiplist", "DefaultPromptName", "QueryPrompt",
        "DocumentPrompt", "Prompts", "Matches", "SettingsThatDiffer", "Gaps",
    ];

    private static readonly XDocument File = XDocument.Load(Path.Combine(TestData.Repository, "module", "ColbertOnnx.Format.ps1xml"));

    private static IEnumerable<XElement> Shown =>
        File.Descendants()
            .Where(element =>
                element.Name.LocalName is "ScriptBlock" or "PropertyName" && element.Parent!.Name != "ItemSelectionCondition");

    [Fact]
    public void Every_view_escapes_what_comes_from_texts_files_and_models()
    {
        foreach (XElement element in Shown)
        {
            bool isForeign = element.Name == "PropertyName"
                ? Foreign.Contains(element.Value)
                : Properties().Matches(element.Value).Any(match => Foreign.Contains(match.Groups[1].Value));
            if (isForeign) Assert.Matches(Escaping(), element.Value);
        }
    }

    [Fact]
    public void The_views_escape_what_the_messages_escape()
    {
        Match[] used = [.. Shown.Select(element => Escaping().Match(element.Value)).Where(match => match.Success)];
        Assert.NotEmpty(used);
        foreach (string expression in used.Select(match => match.Value).Distinct())
        {
            Match match = Escaping().Match(expression);
            foreach (string text in Enumerable.Range(0, 0x10000).Select(c => $"a{(char)c}b").Append("a😀b").Append("\ud83d")
                .Append("\ude00"))
            {
                string blank = Regex.Replace(text, match.Groups["blank"].Value, " ");
                string shown = Regex.Replace(
                    blank, match.Groups["escaped"].Value,
                    found => string.Format(CultureInfo.InvariantCulture, match.Groups["form"].Value, (int)found.Value[0]));
                Assert.Equal(
                    match.Groups["blank"].Value.Contains('n', StringComparison.Ordinal) ? ShownText.Whole(text) : ShownText.Lines(text),
                    shown);
            }
        }
    }

    [GeneratedRegex(@"-replace '(?<blank>[^']+)', ' ' -replace '(?<escaped>[^']+)', \{ '(?<form>[^']+)' -f \[int\]\[char\]\$_\.Value \}$")]
    private static partial Regex Escaping();

    [GeneratedRegex(@"\$_\.(?:Settings\.|Query\.)?(\w+)")]
    private static partial Regex Properties();
}
