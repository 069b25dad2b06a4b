using System.Threading.Channels;
using ColbertOnnx.Inputs;

namespace ColbertOnnx.Cli;

/// <summary>An input read on a thread of its own, so that a pause is seen: then the results so far are written.</summary>
internal static class InputAhead
{
    // Enough to keep the reader busy, few enough that long texts do not pile up.
    private const int Most = 64;

    /// <summary>Begins to read; what ends the input is thrown by the channel after the items before it.</summary>
    public static ChannelReader<InputItem> Start(IEnumerable<InputItem> items, CancellationToken cancellation)
    {
        Channel<InputItem> read =
            Channel.CreateBounded<InputItem>(new BoundedChannelOptions(Most) { SingleReader = true, SingleWriter = true });
        // In the background: a read from a terminal cannot be cancelled.
        var thread = new Thread(() => Fill(items, read.Writer, cancellation)) { IsBackground = true, Name = "colbert input" };
        thread.Start();
        return read.Reader;
    }

    /// <summary>The items in order; <paramref name="idle"/> is called before each wait for more.</summary>
    public static IEnumerable<InputItem> Read(IEnumerable<InputItem> items, Action idle, CancellationToken cancellation)
    {
        ChannelReader<InputItem> read = Start(items, cancellation);
        do
        {
            while (read.TryRead(out InputItem item))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return item;
            }

            idle();
        }
        while (read.WaitToReadAsync(cancellation).AsTask().GetAwaiter().GetResult());
    }

    private static void Fill(IEnumerable<InputItem> items, ChannelWriter<InputItem> writer, CancellationToken cancellation)
    {
        try
        {
            foreach (InputItem item in items)
            {
                if (!writer.TryWrite(item)) writer.WriteAsync(item, cancellation).AsTask().GetAwaiter().GetResult();
            }

            writer.Complete();
        }
        catch (Exception error)
        {
            writer.Complete(error);
        }
    }
}
