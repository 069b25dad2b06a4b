using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ColbertOnnx.Tests.Hub;

/// <summary>An HTTP server on a free port of this machine that does what no good server does: breaks off, falls silent, lies.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Func<Call, Answer> handler;

    public LocalServer(Func<Call, Answer> handler)
    {
        this.handler = handler;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public string Address => $"http://127.0.0.1:{Port}";

    public ConcurrentQueue<Call> Calls { get; } = new();

    public void Dispose()
    {
        stopping.Cancel();
        listener.Stop();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                NetworkStream stream = client.GetStream();
                Call call = await ReadAsync(stream);
                Calls.Enqueue(call);
                Answer answer = handler(call);
                var head =
                    new StringBuilder($"HTTP/1.1 {answer.Status} Status\r\nConnection: close\r\nContent-Length: {answer.Body.Length}\r\n");
                foreach (var (name, value) in answer.Headers) head.Append($"{name}: {value}\r\n");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(head.Append("\r\n").ToString()), stopping.Token);
                await stream.WriteAsync(answer.Body.AsMemory(0, Math.Min(answer.BreakAfter, answer.Body.Length)), stopping.Token);
                await stream.FlushAsync(stopping.Token);
                if (answer.FallsSilent) await Task.Delay(Timeout.Infinite, stopping.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
        }
    }

    private async Task<Call> ReadAsync(NetworkStream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, stopping.Token) == 0) throw new IOException("no request");
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new Call(
            lines[0].Split(' ')[1],
            lines[1..].Select(line => line.Split(": ", 2))
                .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase));
    }
}

internal sealed record Call(string Target, IReadOnlyDictionary<string, string> Headers)
{
    public string Path => Uri.UnescapeDataString(Target.Split('?')[0]);

    public long From => Headers.TryGetValue("Range", out string? range) ? long.Parse(range["bytes=".Length..^1]) : 0;

    public string? Token => Headers.GetValueOrDefault("Authorization");
}

internal sealed record Answer(int Status, byte[] Body, params (string Name, string Value)[] Headers)
{
    public int BreakAfter { get; init; } = int.MaxValue;

    public bool FallsSilent { get; init; }

    public static Answer Of(int status, params (string Name, string Value)[] headers) => new(status, [], headers);

    public static Answer Json(string json, params (string Name, string Value)[] headers) => new(200, Encoding.UTF8.GetBytes(json), headers);

    /// <summary>A file from a byte on, as servers do that know ranges.</summary>
    public static Answer Content(byte[] content, Call call)
    {
        if (call.From == 0) return new Answer(200, content);
        if (call.From >= content.Length) return Of(416, ("Content-Range", $"bytes */{content.Length}"));
        return new Answer(206, content[(int)call.From..], ("Content-Range", $"bytes {call.From}-{content.Length - 1}/{content.Length}"));
    }
}
