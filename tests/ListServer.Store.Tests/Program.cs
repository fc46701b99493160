using ListServer.Store.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The same program is the process that the kill tests kill.
if (args is [LoadProcess.Argument, var folder])
{
    await LoadProcess.RunAsync(folder);
    return 0;
}

return args.Any(a => a is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
