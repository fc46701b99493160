using System.CommandLine;
using System.Diagnostics;
using ListServer.Fuzz;

// The long form, run by hand; the tests run a short one over the same targets:
//   dotnet run -c Release --project tests/fuzz -- --seconds 600 [--seed 1] [--target spf]
var seconds = new Option<int>("--seconds") { Description = "How long in all.", DefaultValueFactory = _ => 60 };
var seed = new Option<int>("--seed") { Description = "Where the cases begin.", DefaultValueFactory = _ => Environment.TickCount };
FuzzTarget[] all = [.. FuzzTarget.All, .. ZoneTargets.All, .. MessageTargets.All];
var name = new Option<string?>("--target") { Description = "Only this parser: " + string.Join(", ", all.Select(t => t.Name)) };
var command = new RootCommand("Damages input for each parser of ListServer.MailAuth and ListServer.Lists, and keeps what breaks one.") { seconds, seed, name };
command.SetAction(parse =>
{
    var broke = 0;
    var verify = all.Single(t => t.Name == "verify");
    var costly = parse.GetValue(name) is null or "verify" ? CostlyMessages.All.Select(c => (What: c.Key, Octets: c.Value())).ToList() : [];

    // In the first round the compiler is at work, which is no cost of the messages.
    costly.ForEach(c => FuzzRun.Fault(verify, c.Octets, FuzzRun.Limit));
    foreach (var (what, octets) in costly)
    {
        if (FuzzRun.Fault(verify, octets, FuzzRun.Limit) is { } fault)
        {
            broke++;
            Console.WriteLine($"{what}: {fault}");
        }
    }

    var targets = all.Where(t => parse.GetValue(name) is not { } only || t.Name == only).ToList();
    var (watch, next, cases, found) = (Stopwatch.StartNew(), parse.GetValue(seed), 0L, 0);
    const int batch = 100;
    for (; watch.Elapsed.TotalSeconds < parse.GetValue(seconds) && targets.Count > 0; next++)
    {
        foreach (var target in targets)
        {
            cases += batch;
            if (FuzzRun.Try(target, new Mutator(next), batch) is { } broken)
            {
                var file = $"{target.Name}-{next}-{found++}.case";
                File.WriteAllBytes(file, broken.Case);
                Console.WriteLine($"{file}: {broken.Fault}");
            }
        }
    }

    Console.WriteLine($"{cases} cases, {found} broke a parser; the next seed is {next}");
    return found + broke == 0 ? 0 : 1;
});
return command.Parse(args).Invoke();
