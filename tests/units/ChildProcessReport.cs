using System.Runtime.CompilerServices;

namespace ColbertOnnx.Tests;

/// <summary>Children that took too long are told in the log of the run.</summary>
internal static class ChildProcessReport
{
    [ModuleInitializer]
    internal static void Begin() => ChildProcess.WasLate += text => TestContext.Current.SendDiagnosticMessage("{0}", text);
}
