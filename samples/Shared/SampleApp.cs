using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace DiffusionSharp.Samples;

/// <summary>What the samples share: one readable line instead of a stack trace, and Ctrl+C that stops inside a model call.</summary>
internal static class SampleApp
{
    public static async Task<int> RunAsync(RootCommand command, string[] arguments, Func<ParseResult, CancellationToken, Task> action)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                await action(parsed, cancellationToken);
                return 0;
            }
            catch (OperationCanceledException)
            {
                await Console.Error.WriteLineAsync("Cancelled; nothing was written.");
                return 130;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException or IOException or JsonException or ModelFormatException
                or ModelExecutionException or InsufficientMemoryException or NonFiniteSampleException or NotSupportedException or DllNotFoundException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync($"Error: {e.Message.ReplaceLineEndings(" ")}");
                return 1;
            }
        });

        ParseResult parsed = command.Parse(arguments);
        if (Complaint(parsed) is { } complaint)
        {
            await Console.Error.WriteLineAsync($"Error: {complaint} --help says what there is.");
            return 1;
        }

        // The first Ctrl+C stops the work; a second one, while that takes its time, ends the process.
        using var cancellation = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            signal.Cancel = !cancellation.IsCancellationRequested;
            cancellation.Cancel();
        });
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, cancellation.Token);
    }

    public static void ReportFile(string path) => Console.WriteLine($"Wrote {Path.GetFullPath(path)}");

    /// <summary>What is wrong with the command line; null where nothing is.</summary>
    private static string? Complaint(ParseResult parsed)
    {
        // A misspelled option before the prompt would be taken for the prompt.
        Token? unknown = parsed.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash)
            .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal));
        if (unknown is not null)
        {
            return $"there is no option {unknown.Value}.";
        }

        // Without the names of .NET types that a value is not.
        return parsed.Errors is [var error, ..] ? $"{error.Message.Split(" as expected type")[0].TrimEnd('.')}." : null;
    }
}
