using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>The user of <see cref="RecordingHost"/>. Records of streams come here too; tests read the streams.</summary>
internal sealed class RecordingInterface : PSHostUserInterface
{
    private readonly List<string> said = [];

    public IReadOnlyList<string> Said => said;

    public override PSHostRawUserInterface? RawUI => null;

    public override void Write(string value) => said.Add(value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => said.Add(value);

    public override void WriteLine(string value) => said.Add(value);

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        said.Add(message);
        return choices.IndexOf(choices.Single(choice => choice.Label == "&No"));
    }

    public override void WriteErrorLine(string value)
    {
    }

    public override void WriteDebugLine(string message)
    {
    }

    public override void WriteVerboseLine(string message)
    {
    }

    public override void WriteWarningLine(string message)
    {
    }

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string ReadLine() => throw new NotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new NotSupportedException();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new NotSupportedException();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => throw new NotSupportedException();
}
