using System.Runtime.InteropServices;
using System.Text;
using ColbertOnnx.Cli.Streams;

namespace ColbertOnnx.Tests.Faces;

/// <summary>A console of Windows, as far as it can be seen without one; tests/platforms/run.sh wine has one.</summary>
public sealed class ConsoleTests
{
    [Fact]
    public void On_Windows_Ctrl_Break_and_a_closed_window_end_a_run_as_Ctrl_C_does()
    {
        Assert.Equal(
            [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT], Interruption.Watched(isWindows: true));
        Assert.DoesNotContain(PosixSignal.SIGQUIT, Interruption.Watched(isWindows: false));
    }

    [Theory]
    [InlineData("eins\r\nzwei\r\n", "eins\r\nzwei\r\n")]
    [InlineData("eins\r\n|\u001a\r\n|zwei\r\n", "eins\r\n")]
    [InlineData("\u001a", "")]
    [InlineData("ei|ns\u001a\r\n|zwei\r\n", "eins\u001a\r\nzwei\r\n")]
    [InlineData("ei|\u001ans\r\n", "ei\u001ans\r\n")]
    public void What_is_typed_ends_with_a_line_that_begins_with_Ctrl_Z(string typed, string read)
    {
        using var input = new TypedInput(new Reads(typed.Split('|', StringSplitOptions.RemoveEmptyEntries)));
        using var reader = new StreamReader(input, Encoding.UTF8);
        Assert.Equal(read, reader.ReadToEnd());
        Assert.Equal(0, input.Read(new byte[10]));
    }

    // Each read gives one piece.
    private sealed class Reads(string[] pieces) : MemoryStream
    {
        private int next;

        public override int Read(Span<byte> buffer) => next < pieces.Length ? Encoding.UTF8.GetBytes(pieces[next++], buffer) : 0;
    }
}
