using System.Text;

namespace ColbertOnnx.Help;

/// <summary>
/// A page about_*.md to the text that Get-Help shows: headings in capitals, paragraphs and lists wrapped and indented, code as it stands.
/// </summary>
internal static class AboutTopic
{
    private const int Width = 80;

    /// <summary>
    /// The text of a page. Its title is the topic, the line below it the short description, on one line because Get-Help lists it.
    /// </summary>
    public static string Write(string markdown)
    {
        string[] parts = markdown.ReplaceLineEndings("\n").Trim().Split("\n\n");
        if (parts.Length < 3 || !parts[0].StartsWith("# about_", StringComparison.Ordinal)
            || parts[1].Contains('\n', StringComparison.Ordinal))
            throw new FormatException("A topic begins with '# about_NAME', and with what it is about in one line.");

        var text = new StringBuilder($"TOPIC\n    {parts[0][2..]}\n\nSHORT DESCRIPTION\n    {Plain(parts[1])}\n");
        if (!parts[2].StartsWith("## ", StringComparison.Ordinal)) text.Append("\nLONG DESCRIPTION\n");
        bool isFirst = true;
        foreach (string part in Blocks(parts[2..]))
        {
            if (part.StartsWith("## ", StringComparison.Ordinal))
            {
                text.Append('\n').Append(part[3..].ToUpperInvariant()).Append('\n');
                isFirst = true;
                continue;
            }

            if (!isFirst) text.Append('\n');
            isFirst = false;
            if (part.StartsWith("```", StringComparison.Ordinal)) Code(text, part);
            else if (part.StartsWith("- ", StringComparison.Ordinal))
                foreach (string item in $"\n{part}".Split("\n- ", StringSplitOptions.RemoveEmptyEntries)) Wrap(text, "    - ", item);
            else Wrap(text, "    ", part);
        }

        return text.ToString();
    }

    // A block of code may hold empty lines.
    private static IEnumerable<string> Blocks(string[] parts)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            string block = parts[i];
            while (block.StartsWith("```", StringComparison.Ordinal) && !block.EndsWith("\n```", StringComparison.Ordinal))
                block += "\n\n" + parts[++i];
            yield return block.Trim('\n');
        }
    }

    private static void Code(StringBuilder text, string block)
    {
        foreach (string line in block.Split('\n')[1..^1]) text.Append(line.Length == 0 ? "" : "        ").Append(line).Append('\n');
    }

    private static void Wrap(StringBuilder text, string start, string paragraph)
    {
        string line = start;
        foreach (string word in Plain(paragraph).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool isEmpty = line.Trim(' ', '-').Length == 0;
            if (!isEmpty && line.Length + 1 + word.Length > Width)
            {
                text.Append(line).Append('\n');
                line = new string(' ', start.Length);
                isEmpty = true;
            }

            line += isEmpty ? word : " " + word;
        }

        text.Append(line).Append('\n');
    }

    private static string Plain(string text) => text.Replace("`", "", StringComparison.Ordinal).Replace('\n', ' ');
}
