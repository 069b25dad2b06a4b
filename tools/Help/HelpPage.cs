namespace ColbertOnnx.Help;

/// <summary>One page of module/docs/en-US: the help of a cmdlet as people write it.</summary>
internal sealed class HelpPage
{
    private readonly Dictionary<string, string> sections = new(StringComparer.Ordinal);

    private HelpPage(string name) => Name = name;

    /// <summary>The cmdlet.</summary>
    public string Name { get; }

    /// <summary>The line below the title.</summary>
    public string Synopsis { get; private set; } = "";

    public IReadOnlyList<string> Description => Paragraphs(Section("Description"));

    /// <summary>Text of each parameter, by its name without the dash.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; private set; } = new Dictionary<string, string>();

    /// <summary>Title, code and what it does, in order.</summary>
    public IReadOnlyList<(string Title, string Code, string Remarks)> Examples { get; private set; } = [];

    /// <summary>Types that come out.</summary>
    public IReadOnlyList<string> Outputs => [.. Section("Output").Split('`').Where((_, i) => i % 2 == 1)];

    public static HelpPage Read(string path)
    {
        string[] lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        var page = new HelpPage(lines[0].TrimStart('#', ' '));
        string? section = null;
        List<string> body = [];
        foreach (string line in lines.Skip(1).Append("## "))
        {
            if (!line.StartsWith("## ", StringComparison.Ordinal))
            {
                body.Add(line);
                continue;
            }

            if (section is null) page.Synopsis = string.Join(' ', body).Trim();
            else page.sections[section] = string.Join('\n', body).Trim();
            (section, body) = (line[3..].Trim(), []);
        }

        page.Parameters = Parts(page.Section("Parameters")).ToDictionary(
            part => part.Title.TrimStart('-'), part => Plain(part.Body), StringComparer.Ordinal);
        page.Examples = [.. Parts(page.Section("Examples")).Select(part => Example(part.Title, part.Body))];
        return page;
    }

    private string Section(string name) => sections.GetValueOrDefault(name, "");

    private static IEnumerable<(string Title, string Body)> Parts(string text) =>
        text.Split("\n### ").Select(part => part.StartsWith("### ", StringComparison.Ordinal) ? part[4..] : part)
            .Where(part => part.Length > 0)
            .Select(part => part.Split('\n', 2)).Select(lines => (lines[0].Trim(), lines.Length > 1 ? lines[1].Trim() : ""));

    private static (string Title, string Code, string Remarks) Example(string title, string body)
    {
        string[] fences = body.Split("```");
        return fences.Length < 3
            ? throw new FormatException($"The example '{title}' has no code.")
            : (
                title, fences[1][(fences[1].IndexOf('\n', StringComparison.Ordinal) + 1)..].TrimEnd(),
                string.Join("\n", Paragraphs(fences[2])));
    }

    private static List<string> Paragraphs(string text) => [.. text.Split("\n\n").Select(Plain).Where(paragraph => paragraph.Length > 0)];

    // The line that repeats the attributes is for readers of the page; who asks the shell gets them as such.
    private static string Plain(string text)
    {
        int attributes = text.LastIndexOf(" (`", StringComparison.Ordinal);
        if (attributes >= 0 && text.EndsWith(')') && !text.Contains('\n', StringComparison.Ordinal)) text = text[..attributes];
        return text.Replace("`", "", StringComparison.Ordinal).Replace('\n', ' ').Trim();
    }
}
