using System.Globalization;
using System.Management.Automation.Host;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>A host without a screen: it keeps what is said to its user, who answers every question with no.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingInterface user = new();

    public IReadOnlyList<string> Said => user.Said;

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "Tests";

    public override PSHostUserInterface UI => user;

    public override Version Version { get; } = new(1, 0);

    public override void EnterNestedPrompt() => throw new NotSupportedException();

    public override void ExitNestedPrompt() => throw new NotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
