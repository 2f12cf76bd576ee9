using Microsoft.Extensions.Options;

namespace DiffusionSharp.Hosting.Options;

/// <summary>Checks the bounds of a device.</summary>
internal sealed class QueueValidation : IValidateOptions<GenerationQueueOptions>
{
    public ValidateOptionsResult Validate(string? name, GenerationQueueOptions options) =>
        options.Concurrency < 1 ? ValidateOptionsResult.Fail($"The queue of {name}: {nameof(options.Concurrency)} is {options.Concurrency}, but must be at least 1.")
        : options.QueueLength < 0 ? ValidateOptionsResult.Fail($"The queue of {name}: {nameof(options.QueueLength)} is {options.QueueLength}, but must be at least 0.")
        : ValidateOptionsResult.Success;
}
