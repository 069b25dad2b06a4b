using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// Standard output that tells when its reader has gone. The console's own stream swallows a broken pipe,
/// and a long run would go on without a reader; so a pipe is written to by its descriptor. A file and a terminal are not:
/// a second stream over a file would keep a position of its own.
/// </summary>
internal sealed class StandardOutput : Stream
{
    // Null: the shell closed it before we began.
    private readonly Stream? inner = StandardStream.IsGiven(StandardStream.Output) ? OpenInner() : null;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (inner is null) throw NotOpen(null);
        try
        {
            inner.Write(buffer);
        }
        catch (IOException error) when (IsClosed(error))
        {
            throw new OutputClosedException(error);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || IsNotOpen(error))
        {
            // It was opened for reading only.
            throw NotOpen(error);
        }
        catch (IOException error)
        {
            throw new ColbertException(
                ColbertErrorId.OutputFailed, $"Standard output cannot be written: {error.Message}", null,
                "Check the space and the rights where it goes.", error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private static Stream OpenInner()
    {
        if (!Console.IsOutputRedirected || OperatingSystem.IsWindows()) return WindowsConsole.OpenOutput();
        FileStream? stream = null;
        try
        {
            stream = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!stream.CanSeek) return stream;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Something that a file stream does not take.
        }

        stream?.Dispose();
        return Console.OpenStandardOutput();
    }

    // EPIPE.
    private static bool IsClosed(IOException error) => error.HResult is 32;

    // EBADF.
    private static bool IsNotOpen(Exception error) => error is IOException { HResult: 9 };

    private static ColbertException NotOpen(Exception? error) =>
        new(
            ColbertErrorId.OutputFailed, "Standard output is not open for writing, so that nothing was delivered.", null,
            "Redirect it to a file or a pipe, or name a file with --output.", error);
}
