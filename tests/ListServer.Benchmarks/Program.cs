using System.Globalization;
using ListServer.Benchmarks;

// The speed that issue 3 asks of MailAuth, as ratios to its peers and to the bare cryptography, all in one run:
//   nice -n -19 tests/ListServer.Benchmarks/bin/Release/net10.0/benchmarks [ROUNDS]
// and, with the word fanout and the sizes of lists (1000 10000 100000), the speed that issue 4 asks of delivery.
// and, with the word reports and how many (10000), the speed that issue 7 asks of reports that come in.
// A command of its own, no part of tests/run: its numbers need a quiet machine. It wants python3-dkim, node and npm; with fanout, mlmmj.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["fanout", .. var sizes])
{
    return Fanout.Run(sizes.Length > 0 ? [.. sizes.Select(size => int.Parse(size, CultureInfo.InvariantCulture)).Order()] : [1_000, 10_000, 100_000]) == 0 ? 0 : 1;
}

if (args is ["reports", .. var some])
{
    return await Reports.RunAsync(some.Length > 0 ? int.Parse(some[0], CultureInfo.InvariantCulture) : 10_000) ? 0 : 1;
}

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
const double turn = 0.7;

using var mailAuth = new MailAuthBenchmark();
var files = Path.Combine(Directory.CreateTempSubdirectory("benchmarks").FullName, "post");
Peer.Write(mailAuth.Post, files);
var (python, node) = (Peer.Dkimpy(files), Peer.Mailauth(files));
var (verify, bare, sign, bareSign, dkimpy, mailauth) = (default(Rate), default(Rate), default(Rate), default(Rate), default(Rate), default(Rate));

_ = Rate.Of(mailAuth.Verify, 2);
_ = Rate.Of(mailAuth.Sign, 1);
for (var i = 0; i < rounds; i++)
{
    bare = bare.Best(Rate.Of(mailAuth.VerifyBare, turn));
    verify = verify.Best(Rate.Of(mailAuth.Verify, turn));
    dkimpy = dkimpy.Best(python.Run());
    mailauth = mailauth.Best(node.Run());
    bareSign = bareSign.Best(Rate.Of(mailAuth.SignBare, turn));
    sign = sign.Best(Rate.Of(mailAuth.Sign, turn));
}

Console.WriteLine($"load average {File.ReadAllText("/proc/loadavg").Trim()}; best of {rounds} rounds; a post of {mailAuth.Post.Message.Length} octets");
Console.WriteLine();
foreach (var (name, rate) in new[]
{
    ("verify, SPF+DKIM+ARC+DMARC", verify), ("  its RSA and SHA-256 alone", bare), ("  dkimpy, ARC alone", dkimpy), ("  mailauth, the same", mailauth),
    ("sign for one recipient", sign), ("  RSA-2048 alone", bareSign),
})
{
    Console.WriteLine($"{name,-30} {rate.PerCpuSecond,10:N0} per CPU second {rate.Microseconds,10:N1} us");
}

Console.WriteLine();
var allocated = mailAuth.Allocated();
(string Name, double Value, double Bound, bool AtLeast)[] lines =
[
    ("times dkimpy's ARC verification", verify.PerCpuSecond / dkimpy.PerCpuSecond, 10, true),
    ("times mailauth", verify.PerCpuSecond / mailauth.PerCpuSecond, 15, true),
    ("times the bare cost", bare.PerCpuSecond / verify.PerCpuSecond, 3, false),
    ("of the raw RSA-2048 rate, signing", sign.PerCpuSecond / bareSign.PerCpuSecond, 0.9, true),
    ("KB allocated a message", allocated / 1024.0, 64, false),
];
var failed = 0;
foreach (var (name, value, bound, atLeast) in lines)
{
    var pass = atLeast ? value >= bound : value <= bound;
    failed += pass ? 0 : 1;
    Console.WriteLine($"{(pass ? "PASS" : "FAIL")}  {value,8:0.00} {name} ({(atLeast ? "at least" : "at most")} {bound})");
}

Directory.Delete(Path.GetDirectoryName(files)!, recursive: true);
return failed == 0 ? 0 : 1;
