using System.Management.Automation;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ColbertOnnx.Help;
using ColbertOnnx.PowerShell.Binding;
using ColbertOnnx.PowerShell.Commands;

namespace ColbertOnnx.Tests.Cmdlets;

/// <summary>
/// Laws of the surface, over every cmdlet there is, by its attributes. What only a shell can decide is in tests/Help.Tests.ps1.
/// </summary>
public sealed partial class SurfaceTests
{
    /// <summary>Words of the field that are plurals, or end as plurals do.</summary>
    private static readonly string[] FieldWords = ["Sessions", "ProtectedTokens"];

    private static readonly Assembly[] Libraries =
    [
        typeof(ColbertException).Assembly, typeof(ColbertModel).Assembly, typeof(ColbertExporter).Assembly,
    ];

    private static IReadOnlyDictionary<string, CmdletSyntax> Cmdlets { get; } =
        CmdletSyntax.All(typeof(ColbertCmdlet).Assembly).ToDictionary(cmdlet => cmdlet.Name);

    public static TheoryData<string> Names() => [.. Cmdlets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Verbs_are_approved_and_nouns_are_singular(string name)
    {
        IEnumerable<object?> approved = typeof(VerbsCommon).Assembly.GetExportedTypes()
            .Where(type => type.Name.StartsWith("Verbs", StringComparison.Ordinal))
            .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.Static)).Select(field => field.GetRawConstantValue());
        Assert.Contains(Cmdlets[name].Verb, approved);
        Assert.StartsWith("Colbert", Cmdlets[name].Noun, StringComparison.Ordinal);
        Assert.False(IsPlural(Cmdlets[name].Noun), $"{name}: a noun is singular.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Parameters_are_singular_and_named_as_PowerShell_names_them(string name)
    {
        foreach (CmdletParameter parameter in Cmdlets[name].Parameters)
        {
            Assert.Matches("^[A-Z][A-Za-z]+$", parameter.Name);
            Assert.False(
                IsPlural(parameter.Name) && !FieldWords.Contains(parameter.Name), $"{name} -{parameter.Name}: a parameter is singular.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_comes_out_is_declared_in_code_and_on_the_page_alike(string name)
    {
        Type[] declared = TestSession.OutputTypes(Cmdlets[name].Type);
        Assert.NotEmpty(declared);
        HelpPage page = HelpPage.Read(System.IO.Path.Combine(TestData.Repository, "module", "docs", "en-US", $"{name}.md"));
        Assert.Equal(declared.Select(type => type == typeof(void) ? "None" : type.FullName!).Order(), page.Outputs.Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_comes_out_has_a_view_of_its_own(string name)
    {
        string[] shown =
        [
            .. XDocument.Load(System.IO.Path.Combine(TestData.Repository, "module", "ColbertOnnx.Format.ps1xml"))
                .Descendants("ViewSelectedBy").Elements("TypeName").Select(type => type.Value),
        ];
        foreach (Type type in TestSession.OutputTypes(Cmdlets[name].Type).Where(type => Libraries.Contains(type.Assembly)))
            Assert.Contains(type.FullName!, shown);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Beside_Path_stands_LiteralPath(string name)
    {
        CmdletSyntax cmdlet = Cmdlets[name];
        if (Find(cmdlet, "Path") is not { } path) return;
        CmdletParameter literal = Find(cmdlet, "LiteralPath")!;
        Assert.NotNull(literal);
        Assert.Equal(["PSPath", "LP"], literal.Aliases);
        Assert.Equal(path.Type, literal.Type);
        // What is written need not exist: there wildcards have nothing to match.
        bool isWritten = cmdlet.Verb is "New" || (cmdlet.Verb is "Export" && Find(cmdlet, "Destination") is null);
        Assert.True(path.HasWildcards != isWritten && !literal.HasWildcards, $"{name}: -Path takes wildcards, -LiteralPath does not.");
        foreach (string? set in cmdlet.Sets)
            Assert.False(path.In(set) is not null && literal.In(set) is not null, $"{name}: -Path and -LiteralPath exclude each other.");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_changes_state_asks_first(string name)
    {
        CmdletSyntax cmdlet = Cmdlets[name];
        bool changes = cmdlet.Verb is "Remove" or "Export" or "New" or "Set" or "Clear" or "Update" or "Optimize"
            || cmdlet.Parameters.Any(parameter => parameter.Name is "Force" or "Destination");
        Assert.Equal(changes, cmdlet.AsksFirst);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Positions_of_a_set_count_from_zero_and_belong_to_values(string name)
    {
        CmdletSyntax cmdlet = Cmdlets[name];
        foreach (string? set in cmdlet.Sets)
        {
            (CmdletParameter Parameter, ParameterRole Role)[] roles =
            [
                .. cmdlet.Parameters.Where(parameter => parameter.In(set) is not null).Select(parameter => (parameter, parameter.In(set)!)),
            ];
            var positional = roles.Where(pair => pair.Role.Position >= 0).OrderBy(pair => pair.Role.Position).ToArray();
            // As for Copy-Item, -Destination stays the second where -LiteralPath, which has no place, is the first.
            int first = cmdlet.Parameters.Any(parameter => parameter.Name == "LiteralPath" && parameter.In(set) is not null)
                && positional.Length > 0 ? positional[0].Role.Position : 0;
            Assert.Equal(Enumerable.Range(first, positional.Length), positional.Select(pair => pair.Role.Position));
            Assert.True(positional.Length <= 2, $"{name}: who remembers three positions?");
            Assert.DoesNotContain(positional, pair => pair.Parameter.Type == typeof(SwitchParameter));
            // An optional value in front of a mandatory one could never be left out.
            Assert.Equal(
                positional.OrderBy(pair => !pair.Role.IsMandatory).Select(pair => pair.Parameter.Name),
                positional.Select(pair => pair.Parameter.Name));
            Assert.True(roles.Count(pair => pair.Role.TakesValue) <= 1, $"{name}: one parameter of a set takes the pipeline.");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_default_parameter_set_is_one_of_the_sets(string name)
    {
        CmdletSyntax cmdlet = Cmdlets[name];
        if (cmdlet.Sets.Count > 1) Assert.Contains(cmdlet.DefaultSet, cmdlet.Sets);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Models_and_properties_are_completed(string name)
    {
        Type cmdlet = Cmdlets[name].Type;
        foreach (CmdletParameter parameter in Cmdlets[name].Parameters)
        {
            Type? expected = parameter.Name switch
            {
                "Model" when parameter.Type == typeof(object) => typeof(ModelCompleter),
                "TextProperty" or "IdProperty" => typeof(PropertyCompleter),
                _ => null,
            };
            if (expected is null) continue;
            IEnumerable<object?> completers = cmdlet.GetProperty(parameter.Name)!.GetCustomAttributesData()
                .Where(data => data.AttributeType == typeof(ArgumentCompleterAttribute)).Select(data => data.ConstructorArguments[0].Value);
            Assert.True(
                completers.Contains(expected), $"{name} -{parameter.Name} should have [ArgumentCompleter(typeof({expected.Name}))].");
        }
    }

    [Fact]
    public void The_same_parameter_is_the_same_everywhere()
    {
        foreach (var same in Cmdlets.Values.SelectMany(cmdlet => cmdlet.Parameters, (cmdlet, parameter) => (cmdlet, parameter))
            .GroupBy(pair => pair.parameter.Name))
        {
            Assert.Single(same.Select(pair => string.Join(", ", pair.parameter.Aliases)).Distinct());
            // A list where one will do elsewhere is a sweep, or a cmdlet that takes several.
            Type[] types =
            [
                .. same.Select(pair => pair.parameter.Type).Select(type => type.GetElementType() ?? type)
                    .Select(type => type == typeof(SwitchParameter) ? typeof(bool) : type).Distinct(),
            ];
            Assert.True(
                types.Length == 1 || same.Key is "Model" or "Query" or "Document" or "InputObject",
                $"-{same.Key} is {string.Join(" here, there ", types.Select(type => type.Name))}");
        }
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets_and_each_page_is_of_one()
    {
        string manifest = File.ReadAllText(System.IO.Path.Combine(TestData.Repository, "ColbertOnnx.psd1"));
        string list = CmdletsToExport().Match(manifest).Groups[1].Value;
        Assert.Equal(Cmdlets.Keys.Order(), Quoted().Matches(list).Select(match => match.Groups[1].Value).Order());
        IEnumerable<string> pages = Directory.EnumerateFiles(
            System.IO.Path.Combine(TestData.Repository, "module", "docs", "en-US"),
            "*-*.md").Select(page => System.IO.Path.GetFileNameWithoutExtension(page)!);
        Assert.Equal(Cmdlets.Keys.Order(), pages.Order());
    }

    /// <summary>A cmdlet speaks through its streams: who writes to the console or the host is heard by nobody who redirects.</summary>
    [Theory]
    [InlineData(typeof(ColbertCmdlet))]
    [InlineData(typeof(ColbertException))]
    [InlineData(typeof(ColbertModel))]
    public void Nothing_is_written_past_the_streams(Type type)
    {
        using var file = new PEReader(File.OpenRead(type.Assembly.Location));
        MetadataReader reader = file.GetMetadataReader();
        IEnumerable<string> used =
            reader.TypeReferences.Select(reader.GetTypeReference).Select(reference => reader.GetString(reference.Name));
        Assert.Empty(used.Intersect(["Console", "PSHostUserInterface", "PSHost"]));
    }

    /// <summary>What a user may get to see says what it is. Options, which users write, have what the compiler makes for records.</summary>
    [Fact]
    public void Every_public_type_says_what_it_is()
    {
        foreach (Type type in Libraries.SelectMany(library => library.GetExportedTypes()))
        {
            if (type.IsEnum || type.IsInterface || (type.IsAbstract && type.IsSealed) || type.IsAssignableTo(typeof(Exception))
                || type.IsAssignableTo(typeof(Delegate)))
                continue;
            MethodInfo method = type.GetMethod(nameof(ToString), [])!;
            bool isInput =
                type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Request", StringComparison.Ordinal);
            Assert.True(
                method.DeclaringType == type
                    && (isInput || !method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false)),
                $"{type.FullName} should say what it is.");
        }
    }

    private static bool IsPlural(string word) => word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal);

    private static CmdletParameter? Find(CmdletSyntax cmdlet, string name) =>
        cmdlet.Parameters.FirstOrDefault(parameter => parameter.Name == name);

    [GeneratedRegex(@"CmdletsToExport\s*=\s*@\((.*?)\)", RegexOptions.Singleline)]
    private static partial Regex CmdletsToExport();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
