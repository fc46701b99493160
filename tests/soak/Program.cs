using System.CommandLine;
using ListServer.Soak;

// The long form, run by hand; the tests run a short one:
//   dotnet run -c Release --project tests/soak -- [--rounds 200] [--only kills]
var rounds = new Option<int>("--rounds") { Description = "How many kills; the other scenarios go by it.", DefaultValueFactory = _ => 200 };
var only = new Option<string?>("--only") { Description = "Only this scenario: " + string.Join(", ", Scenario.All.Select(s => s.Name)) };
var command = new RootCommand("Kills, starves and misleads a running server, and counts at the receivers what became of every post.") { rounds, only };
command.SetAction(async parse =>
{
    var faults = new List<string>();
    foreach (var scenario in Scenario.All.Where(s => parse.GetValue(only) is not { } name || s.Name == name))
    {
        var folder = Directory.CreateTempSubdirectory("listserver-soak-").FullName;
        faults.AddRange(await scenario.RunAsync(folder, parse.GetValue(rounds), Console.Out));
        Directory.Delete(folder, recursive: true);
    }

    faults.ForEach(Console.WriteLine);
    Console.WriteLine(faults.Count == 0 ? "nothing was lost" : $"{faults.Count} faults");
    return faults.Count == 0 ? 0 : 1;
});
return await command.Parse(args).InvokeAsync();
