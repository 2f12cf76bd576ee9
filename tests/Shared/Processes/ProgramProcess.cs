using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace DiffusionSharp.Tests;

/// <summary>A program of .NET in a process of its own, with the lines that it writes.</summary>
internal sealed class ProgramProcess : IDisposable
{
    private const int TerminateSignal = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly Process _process;

    private ProgramProcess(Process process) => _process = process;

    /// <summary>Starts the program of an assembly.</summary>
    public static ProgramProcess Start(Assembly program, params IEnumerable<string> arguments)
    {
        string host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        return new ProgramProcess(Process.Start(new ProcessStartInfo(host, ["exec", program.Location, .. arguments]) { RedirectStandardOutput = true })!);
    }

    /// <summary>The first line to come that begins so; it fails where the program ends without one.</summary>
    public async Task<string> LineAsync(string beginning)
    {
        while (await _process.StandardOutput.ReadLineAsync(_patience.Token) is { } line)
        {
            if (line.StartsWith(beginning, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"The program ended without a line '{beginning}...'.");
    }

    /// <summary>Asks it to end, as service managers and containers do.</summary>
    public void Terminate() => Assert.Equal(0, SendSignal(_process.Id, TerminateSignal));

    /// <summary>What it still writes until it ends, and its exit code.</summary>
    public async Task<(int Code, string[] Lines)> EndAsync()
    {
        string rest = await _process.StandardOutput.ReadToEndAsync(_patience.Token);
        await _process.WaitForExitAsync(_patience.Token);
        return (_process.ExitCode, rest.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _patience.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>A test that sends a signal to a process; skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SignalFactAttribute : FactAttribute
{
    public SignalFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Signals are sent on Linux only.";
}
