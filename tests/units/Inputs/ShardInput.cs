using System.Globalization;
using System.Text;

namespace ColbertOnnx.Tests.Inputs;

/// <summary>
/// Files of texts by chance, with what is hard about each format: line ends in fields, quotes where none belong, blank lines, records that
/// are broken.
/// </summary>
internal static class ShardInput
{
    private static readonly string[] Words =
    [
        "bread", "rises", "ä", "\U0001F600", "", "a longer word, with a comma", "tab\there", "5\" disk", "moon",
    ];

    public static byte[] File(string format, Random random, int records)
    {
        string end = random.Next(2) == 0 ? "\n" : "\r\n";
        var content = new StringBuilder();
        if (random.Next(2) == 0) content.Append('\uFEFF');
        bool isJson = format == ".json";
        if (isJson) content.Append(CultureInfo.InvariantCulture, $"{{\"other\": [1, {{}}],{end} \"texts\": [");
        if (format is "csv" or "tsv" or "quoted" && records > 0)
        {
            if (format == "csv" && random.Next(3) == 0) content.Append("sep=,").Append(end);
            if (random.Next(3) == 0) content.Append(end);
            content.Append(format == "csv" ? "id,text" : "id\ttext").Append(end);
        }

        for (int i = 0; i < records; i++)
        {
            if (isJson && i > 0) content.Append(',').Append(random.Next(2) == 0 ? end : " ");
            content.Append(Record(format, i, random, end));
            if (!isJson && (i < records - 1 || random.Next(2) == 0)) content.Append(end);
            if (!isJson && random.Next(6) == 0 && i < records - 1) content.Append(end);
        }

        if (isJson) content.Append("], \"documents\": [\"last\"]}").Append(end);
        return Encoding.UTF8.GetBytes(content.ToString());
    }

    private static string Record(string format, int number, Random random, string end)
    {
        string text = string.Join(
            ' ', Enumerable.Range(0, random.Next(random.Next(20) == 0 ? 400 : 5)).Select(_ => Words[random.Next(Words.Length)]));
        bool isBroken = random.Next(12) == 0 && number > 0;
        return format switch
        {
            ".txt" => text,
            ".jsonl" or ".json" when isBroken => format == ".json" ? "{\"id\": 1}" : "{\"text\": \"cut",
            ".jsonl" or ".json" =>
                System.Text.Json.JsonSerializer.Serialize(new { id = number.ToString(CultureInfo.InvariantCulture), text = text + end }),
            "tsv" or "bare" => isBroken ? "one\ttwo\tthree" : $"{number}\t{text.Replace('\t', ' ')}",
            _ => Row(number, text, isBroken, random, format == "csv" ? ',' : '\t', end),
        };
    }

    private static string Row(int number, string text, bool isBroken, Random random, char delimiter, string end) => random.Next(4) switch
    {
        _ when isBroken => random.Next(2) == 0 ? $"{number}{delimiter}a{delimiter}b" : $"{number}{delimiter}\"a\"b",
        0 => $"{number}{delimiter}{text.Replace(delimiter, ' ').TrimStart('"')}",
        1 => $"\"{number}\"{delimiter}\"\"",
        _ => $"\"{number}\"{delimiter}\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}{end}{end}\"\"{delimiter}{end}{number}\"",
    };
}
