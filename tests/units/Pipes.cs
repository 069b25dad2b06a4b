using System.Diagnostics;

namespace ColbertOnnx.Tests;

/// <summary>Named pipes that nobody writes to: who opens one waits.</summary>
internal static class Pipes
{
    /// <summary>Longer than anything here takes, so that a wait without end is seen as one.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Puts one in a file's place.</summary>
    public static string Make(string path)
    {
        File.Delete(path);
        using Process made = ChildProcess.Start(new ProcessStartInfo("mkfifo", [path]));
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
        return path;
    }

    /// <summary>Runs what could wait at one.</summary>
    public static Task<T> Ends<T>(Func<T> run) => Task.Run(run).WaitAsync(Patience, TestContext.Current.CancellationToken);

    /// <summary>The error that it ends with.</summary>
    public static Task<ColbertException> Error(Action run) => Ends(() => Assert.Throws<ColbertException>(run));
}
