using System.Text;

namespace ColbertOnnx.Tests.Export;

/// <summary>Ways in which a file of a model can be there and be no good.</summary>
internal static class DamagedFile
{
    public static readonly string[] OfAnyFile = ["broken link", "folder", "empty", "null", "cut off"];

    public static readonly string[] OfJson =
    [
        "other type", "bad UTF-8", "half a surrogate", "half a surrogate in a name", "deep", "two values",
    ];

    public static void SkipWhereItCannotBe(string damage)
    {
        Assert.SkipWhen(damage == "broken link" && OperatingSystem.IsWindows(), "A link needs rights.");
        Assert.SkipWhen(
            damage == "no rights" && (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess), "This account may read every file.");
    }

    public static void Damage(string file, string damage)
    {
        byte[] before = File.ReadAllBytes(file);
        switch (damage)
        {
            case "broken link":
                File.Delete(file);
                File.CreateSymbolicLink(file, "nowhere");
                break;
            case "folder":
                File.Delete(file);
                Directory.CreateDirectory(file);
                break;
            case "no rights":
                if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.None);
                break;
            default:
                File.WriteAllBytes(file, Content(before, damage));
                break;
        }
    }

    private static byte[] Content(byte[] before, string damage)
    {
        string text = Encoding.UTF8.GetString(before);
        bool isList = text.AsSpan().TrimStart() is ['[', ..];
        return damage switch
        {
            "empty" => [],
            "null" => "null"u8.ToArray(),
            "cut off" => before[..(before.Length / 2)],
            "other type" => Encoding.UTF8.GetBytes(isList ? "{}" : "[1, 2]"),
            "bad UTF-8" => With("\"odd\": \"?\""),
            "half a surrogate" => With("\"odd\": \"\\ud800\""),
            "half a surrogate in a name" => With("\"\\udc00\": 1"),
            "deep" => With($"\"odd\": {new string('[', 100_000)}{new string(']', 100_000)}"),
            "two values" => [.. before, .. "{}"u8],
            _ => throw new ArgumentOutOfRangeException(nameof(damage), damage, "There is no such damage."),
        };

        // As the first field of the first object.
        byte[] With(string field)
        {
            int at = text.IndexOf('{', StringComparison.Ordinal) + 1;
            bool isEmpty = text.AsSpan(at).TrimStart() is ['}', ..];
            byte[] bytes = Encoding.UTF8.GetBytes($"{text[..at]}{field}{(isEmpty ? "" : ",")}{text[at..]}");
            if (damage == "bad UTF-8") bytes[bytes.AsSpan().IndexOf((byte)'?')] = 0xFF;
            return bytes;
        }
    }
}
