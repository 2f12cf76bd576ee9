using System.Diagnostics;
using System.Globalization;
using DiffusionSharp.Tests.Pipelines;
using DiffusionSharp.Tests.Schedulers.OwnSampler;
using DiffusionSharp.Tests.Serialization;

namespace DiffusionSharp.Tests;

/// <summary>This assembly as a program, for tests of what another process makes of what this one has written.</summary>
internal static class ChildProcess
{
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["replay", string folder]:
                Replay.All(folder);
                return 0;
            case ["checkpointed", string file, string milliseconds]:
                CheckpointedGeneration.RunAsync(file, TimeSpan.FromMilliseconds(int.Parse(milliseconds, CultureInfo.InvariantCulture))).GetAwaiter().GetResult();
                return 0;
            case ["register"]:
                OwnSamplerTests.RegisterAndRead();
                return 0;
            default:
                Console.Error.WriteLine($"Unknown: {string.Join(' ', arguments)}");
                return 2;
        }
    }

    /// <summary>Starts it.</summary>
    public static Process Start(params string[] arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return Process.Start(new ProcessStartInfo(host, ["exec", typeof(ChildProcess).Assembly.Location, .. arguments]) { RedirectStandardError = true })!;
    }

    /// <summary>Runs it to its end, which must be a good one.</summary>
    public static async Task RunAsync(params string[] arguments)
    {
        using Process process = Start(arguments);
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, errors);
    }
}
