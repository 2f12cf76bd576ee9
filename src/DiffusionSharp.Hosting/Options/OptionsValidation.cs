using DiffusionSharp.Schedulers;
using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Options;

/// <summary>Checks the options of pipelines when the application starts. What a folder holds is seen when it is loaded.</summary>
internal sealed class OptionsValidation : IValidateOptions<DiffusionPipelineOptions>
{
    public ValidateOptionsResult Validate(string? name, DiffusionPipelineOptions options)
    {
        string[] failures = [.. Failures(options).Select(failure => $"The pipeline '{name}': {failure}")];
        return failures.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(DiffusionPipelineOptions options) => ((string?[])
    [
        Ways(options) != 1 ? $"set one of {nameof(options.Folder)}, the model folder, {nameof(options.Load)} and {nameof(options.LoadCascade)}." : null,
        options.Then.Count > 0 && string.IsNullOrWhiteSpace(options.Folder) ? $"{nameof(options.Then)} follows {nameof(options.Folder)}, which is not set." : null,
        options.Then.Any(string.IsNullOrWhiteSpace) ? $"{nameof(options.Then)} has an empty folder." : null,
        Defined(nameof(options.Format), options.Format ?? ModelFormat.Onnx),
        Defined(nameof(options.Provider), options.Provider),
        Defined(nameof(options.Lifetime), options.Lifetime),
        Defined(nameof(options.GuidanceBatching), options.GuidanceBatching),
        AtLeast(nameof(options.DeviceId), options.DeviceId, 0),
        AtLeast(nameof(options.Threads), options.Threads, 0),
        AtLeast(nameof(options.BatchRows), options.BatchRows, 0),
        AtLeast(nameof(options.CachedPrompts), options.CachedPrompts, 0),
        AtLeast(nameof(options.Width), options.Width, 1),
        AtLeast(nameof(options.Height), options.Height, 1),
        AtLeast(nameof(options.Steps), options.Steps, 1),
        options.GuidanceScale is { } scale && !(scale >= 0 && float.IsFinite(scale)) ? $"{nameof(options.GuidanceScale)} is {scale}, but must be a finite number of at least 0." : null,
        string.IsNullOrWhiteSpace(options.OwnedBy) ? $"{nameof(options.OwnedBy)} is empty." : null,
        Refusal(() => Pipelines.PipelineLoading.Syntax(options.PromptSyntax)),
        Refusal(() => options.Scheduler is null ? null : Samplers.ByName(options.Scheduler, new DdimOptions())),
    ]).OfType<string>();

    private static int Ways(DiffusionPipelineOptions options) => ((object?[])[string.IsNullOrWhiteSpace(options.Folder) ? null : options.Folder, options.Load, options.LoadCascade]).Count(way => way is not null);

    private static string? AtLeast(string name, int? value, int least) => value < least ? $"{name} is {value}, but must be at least {least}." : null;

    private static string? Defined<T>(string name, T value)
        where T : struct, Enum => Enum.IsDefined(value) ? null : $"{name} is {value}, but must be one of {string.Join(", ", Enum.GetNames<T>())}.";

    private static string? Refusal(Func<object?> make)
    {
        try
        {
            make();
            return null;
        }
        catch (ArgumentException refusal)
        {
            return refusal.Message;
        }
    }
}
