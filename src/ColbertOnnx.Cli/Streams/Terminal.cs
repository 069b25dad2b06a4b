using System.Text;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// The process's three streams, in UTF-8 whatever the console's code page: results go to the output, everything else to the error stream.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly CancellationTokenSource cancellation = new();

    public Terminal()
    {
        Output = new BufferedStream(new StandardOutput(), 64 * 1024);
        Text = new StreamWriter(Output, Utf8, bufferSize: 1024, leaveOpen: true) { AutoFlush = false, NewLine = "\n" };
        Stream error = StandardStream.IsGiven(StandardStream.Error) ? WindowsConsole.OpenError() : Stream.Null;
        Error = TextWriter.Synchronized(new StreamWriter(error, Utf8, bufferSize: 256) { AutoFlush = true, NewLine = "\n" });
    }

    /// <summary>Buffered; the writer flushes when it must be seen.</summary>
    public Stream Output { get; }

    /// <summary>The same output for lines of text.</summary>
    public TextWriter Text { get; }

    public TextWriter Error { get; }

    public CancellationToken Cancellation => cancellation.Token;

    /// <exception cref="ColbertException"><see cref="ColbertErrorId.InputInvalid"/>: it was closed before we began.</exception>
    public static Stream OpenInput() => StandardStream.IsGiven(StandardStream.Input)
        ? WindowsConsole.OpenInput()
        : throw new ColbertException(
            ColbertErrorId.InputInvalid, "standard input: the input cannot be read: it is closed.", "standard input",
            "Redirect it from a file or a pipe.");

    public static bool ErrorIsTerminal => !Console.IsErrorRedirected;

    public void Cancel() => cancellation.Cancel();

    public void Note(string text) => Error.WriteLine($"colbert: {ShownText.Message(text)}");

    /// <summary>A line of the output for people.</summary>
    public void Line(string text) => Text.WriteLine(ShownText.Whole(text));

    /// <summary>The id, what was wrong, and on a second line what to do.</summary>
    public void Report(ColbertException error)
    {
        Error.WriteLine($"colbert: {error.Id}: {error.Message}");
        if (!string.IsNullOrEmpty(error.Action)) Error.WriteLine($"  {error.Action}");
    }

    public void Flush()
    {
        Text.Flush();
        Output.Flush();
    }

    public void Dispose() => cancellation.Dispose();
}
