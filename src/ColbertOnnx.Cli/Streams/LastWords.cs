using System.Text;
using Microsoft.Win32.SafeHandles;

namespace ColbertOnnx.Cli.Streams;

/// <summary>
/// What is said where the machine gives no further file: .NET opens its own parts when they are first used, those that write to the console
/// among them. So here is nothing but what every program has loaded.
/// </summary>
internal static class LastWords
{
    private const int TooManyOfProcess = 24, TooManyOfSystem = 23, WindowsTooMany = unchecked((int)0x80070004);

    /// <summary>A part of .NET or of the program could not be opened, or any other file, because too many are.</summary>
    public static bool AreDue(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is IOException { HResult: TooManyOfProcess or TooManyOfSystem or WindowsTooMany }) return true;
            if (PartOf(e) is not null || e is DllNotFoundException) return true;
        }

        return false;
    }

    public static int Say(Exception error)
    {
        Exception cause = error;
        while (PartOf(cause) is null && cause.InnerException is { } inner) cause = inner;
        string what = PartOf(cause) is { } part ? $"a part of the program could not be opened: {part}" : cause.Message;
        return Say(what, "Raise the limit of open files (ulimit -n); if it is high enough, install the program again.");
    }

    public static int SayTooFewFiles(ulong most) =>
        Say(
            FormattableString.Invariant($"the process may open {most} files, and {OpenFiles.Needed} are needed"),
            "Raise the limit of open files (ulimit -n).");

    private static int Say(string what, string action)
    {
        Write($"colbert: {nameof(ColbertErrorId.InsufficientMemory)}: {what}.\n  {action}\n");
        return Application.MachineCannot;
    }

    // The name of an assembly, up to its version.
    private static string? PartOf(Exception error)
    {
        string? name = error switch { FileNotFoundException e => e.FileName, FileLoadException e => e.FileName, _ => null };
        int end = name?.IndexOf(", Version=", StringComparison.Ordinal) ?? -1;
        return end > 0 ? name![..end] : null;
    }

    private static void Write(string text)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                using Stream console = WindowsConsole.OpenError();
                console.Write(Encoding.UTF8.GetBytes(text));
                return;
            }

            using var error = new FileStream(new SafeFileHandle(StandardStream.Error, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            error.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Standard error is closed.
        }
    }
}
