using ColbertOnnx.Help;
using ColbertOnnx.PowerShell.Commands;

// dotnet run --project tools/Help: writes en-US anew from module/docs/en-US and the cmdlets' attributes: the help file, and a text for each
// topic.
DirectoryInfo root = new(AppContext.BaseDirectory);
while (!File.Exists(Path.Combine(root.FullName, "ColbertPS.sln"))) root = root.Parent!;
string pages = Path.Combine(root.FullName, "module", "docs", "en-US");
string target = Path.Combine(root.FullName, "en-US");
File.WriteAllText(
    Path.Combine(target, "ColbertOnnx.dll-Help.xml"), MamlWriter.Write(CmdletSyntax.All(typeof(ColbertCmdlet).Assembly), pages));
foreach (string topic in Directory.EnumerateFiles(target, "about_*.help.txt")) File.Delete(topic);
foreach (string page in Directory.EnumerateFiles(pages, "about_*.md"))
    File.WriteAllText(Path.Combine(target, $"{Path.GetFileNameWithoutExtension(page)}.help.txt"), AboutTopic.Write(File.ReadAllText(page)));
