using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using ColbertOnnx.PowerShell.Commands;
using Microsoft.PowerShell.Commands;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>
/// Runspaces that know our cmdlets, the file system and nothing else: one opens in milliseconds, where a whole session takes a hundred.
/// </summary>
internal static class TestSession
{
    private static readonly Dictionary<string, Type> Cmdlets = typeof(ColbertCmdlet).Assembly.GetExportedTypes()
        .Where(type => type.IsDefined(typeof(CmdletAttribute), false))
        .ToDictionary(type => NameOf(type.GetCustomAttribute<CmdletAttribute>()!));

    public static Runspace Open(PSHost host)
    {
        InitialSessionState state = InitialSessionState.Create();
        state.LanguageMode = PSLanguageMode.FullLanguage;
        state.ThreadOptions = PSThreadOptions.UseCurrentThread;
        state.Providers.Add(new SessionStateProviderEntry("FileSystem", typeof(FileSystemProvider), null));
        foreach ((string name, Type type) in Cmdlets) state.Commands.Add(new SessionStateCmdletEntry(name, type, null));
        state.Commands.Add(new SessionStateCmdletEntry("Send-Item", typeof(SendItemCommand), null));
        Runspace session = RunspaceFactory.CreateRunspace(host, state);
        session.Open();
        session.SessionStateProxy.Path.SetLocation(Environment.CurrentDirectory);
        return session;
    }

    public static Type[] OutputTypes(string cmdlet) => OutputTypes(Cmdlets[cmdlet]);

    /// <summary>What [OutputType] says.</summary>
    public static Type[] OutputTypes(Type cmdlet) =>
        [.. cmdlet.GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type).Select(type => type.Type)];

    private static string NameOf(CmdletAttribute attribute) => $"{attribute.VerbName}-{attribute.NounName}";
}
