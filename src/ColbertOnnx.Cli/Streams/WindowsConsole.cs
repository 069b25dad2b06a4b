using System.Text;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// A console of Windows as a stream of UTF-8. Bytes would be taken for its code page, which is hardly ever UTF-8; UTF-16 goes through as it
/// is, so that every character is right and no code page has to be changed, which would stay changed after us.
/// </summary>
internal static class WindowsConsole
{
    public static Stream OpenOutput() =>
        !OperatingSystem.IsWindows() || Console.IsOutputRedirected ? Console.OpenStandardOutput() : Written(Console.OpenStandardOutput);

    public static Stream OpenError() =>
        !OperatingSystem.IsWindows() || Console.IsErrorRedirected ? Console.OpenStandardError() : Written(Console.OpenStandardError);

    public static Stream OpenInput()
    {
        if (!OperatingSystem.IsWindows() || Console.IsInputRedirected) return Console.OpenStandardInput();
        Console.InputEncoding = Encoding.Unicode;
        return new TypedInput(Encoding.CreateTranscodingStream(Console.OpenStandardInput(), Encoding.Unicode, Encoding.UTF8));
    }

    // .NET hands on UTF-16 where that is the encoding when a stream is opened; the streams of pipes and files stay as they are.
    private static Stream Written(Func<Stream> open)
    {
        Console.OutputEncoding = Encoding.Unicode;
        return Encoding.CreateTranscodingStream(open(), Encoding.Unicode, Encoding.UTF8);
    }
}
