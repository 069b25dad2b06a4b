using System.Globalization;
using System.Management.Automation;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ColbertOnnx.Help;

/// <summary>Pages and attributes to the file that Get-Help reads.</summary>
internal static partial class MamlWriter
{
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly XNamespace Root = "http://msh";

    /// <summary>The whole file. A cmdlet without a page, or a parameter without a text, is an error.</summary>
    public static string Write(IEnumerable<CmdletSyntax> cmdlets, string pages)
    {
        var root = new XElement(
            Root + "helpItems",
            new XAttribute("schema", "maml"),
            cmdlets.Select(cmdlet => Cmdlet(cmdlet, HelpPage.Read(Path.Combine(pages, $"{cmdlet.Name}.md")))));
        var document = new XDocument(new XComment(" Made from module/docs/en-US by tools/Help. "), root);
        return $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{document.ToString().ReplaceLineEndings("\n")}\n";
    }

    private static XElement Cmdlet(CmdletSyntax cmdlet, HelpPage page) => new(
        Command + "command",
        new XAttribute(XNamespace.Xmlns + "maml", Maml),
        new XAttribute(XNamespace.Xmlns + "command", Command),
        new XAttribute(XNamespace.Xmlns + "dev", Dev),
        new XElement(
            Command + "details",
            new XElement(Command + "name", cmdlet.Name),
            new XElement(Command + "verb", cmdlet.Verb),
            new XElement(Command + "noun", cmdlet.Noun),
            new XElement(Maml + "description", Para(page.Synopsis))),
        new XElement(Maml + "description", page.Description.Select(Para)),
        new XElement(Command + "syntax", cmdlet.Sets.Select(set => SyntaxItem(cmdlet, page, set))),
        new XElement(
            Command + "parameters", cmdlet.Parameters.Select(parameter => Parameter(parameter, page, parameter.Roles)), Asking(cmdlet)),
        new XElement(Command + "inputTypes", cmdlet.InputTypes.Select(type => new XElement(Command + "inputType", TypeName(type)))),
        new XElement(Command + "returnValues", page.Outputs.Select(type => new XElement(Command + "returnValue", TypeName(type)))),
        new XElement(Command + "examples", page.Examples.Select((example, i) => Example(example, i + 1))));

    private static XElement SyntaxItem(CmdletSyntax cmdlet, HelpPage page, string? set) => new(
        Command + "syntaxItem",
        new XElement(Maml + "name", cmdlet.Name),
        cmdlet.Parameters.Select(parameter => (parameter, role: parameter.In(set))).Where(pair => pair.role is not null)
            .OrderBy(pair => pair.role!.Position < 0 ? int.MaxValue : pair.role.Position)
            .Select(pair => Parameter(pair.parameter, page, [pair.role!])),
        Asking(cmdlet));

    private static XElement Parameter(CmdletParameter parameter, HelpPage page, IReadOnlyList<ParameterRole> roles)
    {
        string text = page.Parameters.TryGetValue(parameter.Name, out string? found)
            ? found
            : throw new FormatException($"{page.Name}.md says nothing about -{parameter.Name}.");
        bool isSwitch = parameter.Type == typeof(SwitchParameter);
        int position = roles.Max(role => role.Position);
        string pipeline = string.Join(", ", roles.SelectMany(CmdletParameter.Ways).Distinct());
        return Parameter(
            parameter.Name,
            text,
            parameter.Type.Name,
            isSwitch ? "False" : DefaultValue().Match(text) is { Success: true } match ? match.Groups[1].Value : "None",
            ("required", roles.All(role => role.IsMandatory) ? "true" : "false"),
            ("variableLength", "true"),
            ("globbing", parameter.HasWildcards ? "true" : "false"),
            ("pipelineInput", pipeline.Length == 0 ? "False" : $"true ({pipeline})"),
            ("position", position < 0 ? "named" : position.ToString(CultureInfo.InvariantCulture)),
            ("aliases", parameter.Aliases.Count == 0 ? "none" : string.Join(", ", parameter.Aliases)));
    }

    private static XElement Parameter(
        string name, string text, string type, string fallback, params (string Name, string Value)[] attributes) => new(
        Command + "parameter",
        attributes.Select(attribute => new XAttribute(attribute.Name, attribute.Value)),
        new XElement(Maml + "name", name),
        new XElement(Maml + "description", Para(text)),
        type == nameof(SwitchParameter)
            ? null
            : new XElement(Command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), type),
        TypeName(type),
        new XElement(Dev + "defaultValue", fallback));

    /// <summary>What PowerShell adds to cmdlets that change something.</summary>
    private static IEnumerable<XElement> Asking(CmdletSyntax cmdlet)
    {
        if (!cmdlet.AsksFirst) yield break;
        yield return Asking("WhatIf", "Says what would be done, and does not do it.", "wi");
        yield return Asking("Confirm", "Asks before it is done.", "cf");
    }

    private static XElement Asking(string name, string text, string alias) => Parameter(
        name, text, nameof(SwitchParameter), "False", ("required", "false"), ("variableLength", "true"), ("globbing", "false"),
        ("pipelineInput", "False"), ("position", "named"), ("aliases", alias));

    private static XElement Example((string Title, string Code, string Remarks) example, int number) => new(
        Command + "example",
        new XElement(Maml + "title", FormattableString.Invariant($"Example {number}: {example.Title}")),
        new XElement(Dev + "code", example.Code),
        new XElement(Dev + "remarks", example.Remarks.Split('\n').Select(Para)));

    private static XElement TypeName(string name) => new(Dev + "type", new XElement(Maml + "name", name));

    private static XElement Para(string text) => new(Maml + "para", text);

    [GeneratedRegex(@"Default: (-?\d+(?:\.\d+)?|\w+(?=[.;]))")]
    private static partial Regex DefaultValue();
}
