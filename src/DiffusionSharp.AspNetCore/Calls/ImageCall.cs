using Microsoft.AspNetCore.Http;

namespace DiffusionSharp.AspNetCore;

/// <summary>What a request asks for, as far as it can be read without the model.</summary>
internal sealed record ImageCall
{
    public required CallKind Kind { get; init; }

    public required string Model { get; init; }

    public required string? Prompt { get; init; }

    public required int Count { get; init; }

    public required PictureSize? Size { get; init; }

    public required OutputFormat Format { get; init; }

    /// <summary>Whether the answer is a stream of events.</summary>
    public required bool Streams { get; init; }

    /// <summary>How many previews there are on the way, if the model is asked often enough.</summary>
    public required int Previews { get; init; }

    /// <summary>Whether each step is an event of the answer.</summary>
    public required bool TellsSteps { get; init; }

    public required string? NegativePrompt { get; init; }

    public required long? Seed { get; init; }

    public required int? Steps { get; init; }

    public required double? GuidanceScale { get; init; }

    public required string? Scheduler { get; init; }

    public required long? ClassLabel { get; init; }

    public required double? Strength { get; init; }

    /// <summary>The picture to start from.</summary>
    public IFormFile? Image { get; init; }

    /// <summary>A picture that is transparent where the other is to be drawn anew.</summary>
    public IFormFile? Mask { get; init; }

    /// <summary>What the types of its events begin with.</summary>
    public string EventPrefix => Kind switch
    {
        CallKind.Generation => "image_generation",
        CallKind.Edit => "image_edit",
        _ => "image_variation",
    };
}
