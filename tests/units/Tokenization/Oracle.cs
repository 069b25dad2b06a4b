using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ColbertOnnx.Tests.Tokenization;

/// <summary>The Rust original in a node process. Null from <see cref="Start"/>, with the reason, where it cannot be had.</summary>
internal sealed class Oracle : IDisposable
{
    /// <summary>An environment variable; <c>off</c> does as if the original could not be installed.</summary>
    public const string Variable = "COLBERT_TEST_ORACLE";

    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Process process;

    private Oracle(Process process) => this.process = process;

    public static Oracle? Start(out string reason)
    {
        string folder = Path.Combine(TestData.Repository, "tests", "oracle");
        if (Environment.GetEnvironmentVariable(Variable) == "off")
        {
            reason = $"{Variable} is off";
            return null;
        }

        try
        {
            // Two test processes at once must not install twice.
            using (var mutex = new Mutex(false, "colbert-oracle-install"))
            {
                mutex.WaitOne();
                try
                {
                    if (!Directory.Exists(Path.Combine(folder, "node_modules", "tokenizers")))
                    {
                        using Process install = ChildProcess.Start(new ProcessStartInfo(
                            OperatingSystem.IsWindows() ? "npm.cmd" : "npm", "ci --ignore-scripts --no-fund --no-audit --loglevel=error")
                        {
                            WorkingDirectory = folder,
                            RedirectStandardOutput = true,
                            RedirectStandardError = true,
                        });
                        string output = install.StandardError.ReadToEnd();
                        install.WaitForExit();
                        if (install.ExitCode != 0)
                        {
                            reason = $"npm could not install the original: {output.Trim()}";
                            return null;
                        }
                    }
                }
                finally
                {
                    mutex.ReleaseMutex();
                }
            }

            Process process = ChildProcess.Start(new ProcessStartInfo("node", "tokenize.mjs")
            {
                Environment = { ["RAYON_NUM_THREADS"] = "1" },
                WorkingDirectory = folder,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                StandardInputEncoding = new UTF8Encoding(false),
                StandardOutputEncoding = new UTF8Encoding(false),
            }, ChildProcess.Patience * 2);
            reason = "";
            return new Oracle(process);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = $"node or npm could not be started: {e.Message}";
            return null;
        }
    }

    public void Open(string file) => Ask(new { file = Path.GetFullPath(file) });

    /// <summary>The text of a tokenizer.json instead of a file.</summary>
    public void OpenText(string json) => Ask(new { json });

    public string Decode(int[] ids, bool skipSpecialTokens) => Ask(new { ids, skip = skipSpecialTokens }).GetProperty("text").GetString()!;

    /// <summary>Ids with special tokens, and offsets in code points, flat.</summary>
    public (int[] Ids, int[] Offsets) Encode(string text)
    {
        JsonElement answer = Ask(new { text });
        return (Numbers(answer.GetProperty("ids")), Numbers(answer.GetProperty("offsets")));
    }

    /// <summary>Seconds of one round over all texts, on the clock and of the CPU, and their tokens.</summary>
    public (double Seconds, double CpuSeconds, long Tokens) Time(IReadOnlyList<string> texts)
    {
        JsonElement answer = Ask(new { texts, rounds = 1 });
        return (
            answer.GetProperty("seconds")[0].GetDouble(), answer.GetProperty("processor")[0].GetDouble(),
            answer.GetProperty("tokens").GetInt64());
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        process.WaitForExit(5000);
        process.Dispose();
    }

    private JsonElement Ask(object request)
    {
        process.StandardInput.WriteLine(JsonSerializer.Serialize(request, Plain));
        process.StandardInput.Flush();
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The original ended.");
        JsonElement answer = JsonDocument.Parse(line).RootElement;
        return answer.TryGetProperty("error", out JsonElement error) ? throw new InvalidOperationException(error.GetString()) : answer;
    }

    private static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetInt32())];
}
