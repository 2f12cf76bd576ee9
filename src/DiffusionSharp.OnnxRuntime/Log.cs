using Microsoft.Extensions.Logging;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>What is said while models are loaded.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "{Model}: runs on the processor. {Problem}.")]
    public static partial void FallsBackToCpu(this ILogger logger, string model, string problem);

    [LoggerMessage(2, LogLevel.Warning, "{Index}: the component '{Component}' ({ClassName}) is not used.")]
    public static partial void ComponentNotUsed(this ILogger logger, string index, string component, string className);

    [LoggerMessage(3, LogLevel.Warning, "{Index}: names '{Component}', but there is no vae_encoder, so the pipeline cannot start from a picture.")]
    public static partial void NoEncoder(this ILogger logger, string index, string component);

    [LoggerMessage(4, LogLevel.Warning, "{Model}: takes {Channels} channels, as inpainting models do, but the folder has no vae_encoder: each request has to bring the channels for mask and picture (the condition 'concatenated').")]
    public static partial void NoEncoderForInpainting(this ILogger logger, string model, int channels);

    [LoggerMessage(5, LogLevel.Warning, "{Model}: neither the model nor a config.json says at which size it was trained; requests without a size have {Size}x{Size} pixels.")]
    public static partial void UnknownSize(this ILogger logger, string model, int size);
}
