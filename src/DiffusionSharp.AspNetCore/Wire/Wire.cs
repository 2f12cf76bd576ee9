using System.Text.Json.Serialization;

namespace DiffusionSharp.AspNetCore;

/// <summary>An error.</summary>
internal sealed record ErrorBody(string Message, string Type, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Param, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Code);

/// <summary>An answer that is an error.</summary>
internal sealed record ErrorAnswer(ErrorBody Error);

/// <summary>A picture of an answer.</summary>
internal sealed record PictureAnswer([property: JsonPropertyName("b64_json")] byte[] Bytes, long Seed);

/// <summary>The pictures of a request. What OpenAI's API does not have is <c>id</c>, <c>model</c>, <c>steps</c>, <c>warnings</c> and the seeds.</summary>
internal sealed record PicturesAnswer
{
    public required long Created { get; init; }

    public required IReadOnlyList<PictureAnswer> Data { get; init; }

    public required string Size { get; init; }

    public required string OutputFormat { get; init; }

    public string Background { get; } = "opaque";

    public required string Id { get; init; }

    public required string Model { get; init; }

    public required int Steps { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }
}

/// <summary>Where a generation stands.</summary>
internal sealed record StateAnswer
{
    public required string Id { get; init; }

    public string Object { get; } = "image.generation";

    public required long Created { get; init; }

    public required string Model { get; init; }

    /// <summary><c>queued</c>, <c>in_progress</c>, <c>completed</c>, <c>failed</c> or <c>cancelled</c>.</summary>
    public required string Status { get; init; }

    public required int Step { get; init; }

    public int? Steps { get; init; }

    public PicturesAnswer? Result { get; init; }

    public ErrorBody? Error { get; init; }
}

/// <summary>An event of a generation.</summary>
internal sealed record ImageEvent
{
    public required string Type { get; init; }

    public required string Id { get; init; }

    public required long CreatedAt { get; init; }

    public int? Step { get; init; }

    public int? Steps { get; init; }

    /// <summary>The stage of a cascade, from 0; null where there is one.</summary>
    public int? Stage { get; init; }

    /// <summary>Stages in all.</summary>
    public int? Stages { get; init; }

    [JsonPropertyName("b64_json")]
    public byte[]? Bytes { get; init; }

    public int? PartialImageIndex { get; init; }

    public int? ImageIndex { get; init; }

    public long? Seed { get; init; }

    public string? Size { get; init; }

    public string? OutputFormat { get; init; }

    public string? Background { get; init; }

    public IReadOnlyList<string>? Warnings { get; init; }

    public ErrorBody? Error { get; init; }
}

/// <summary>A model.</summary>
internal sealed record ModelAnswer
{
    public required string Id { get; init; }

    public string Object { get; } = "model";

    public required long Created { get; init; }

    public required string OwnedBy { get; init; }

    /// <summary>What is known of it, where it was asked for alone.</summary>
    public ModelDetails? Details { get; init; }
}

/// <summary>What a model can and takes where a request says nothing.</summary>
internal sealed record ModelDetails(int Width, int Height, int SizeMultiple, int Steps, float GuidanceScale, string Scheduler, IReadOnlyList<string> Schedulers, bool ReadsPrompts, bool ReadsPictures);

/// <summary>All models.</summary>
internal sealed record ModelsAnswer(IReadOnlyList<ModelAnswer> Data)
{
    public string Object { get; } = "list";
}

/// <summary>How answers are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(PicturesAnswer))]
[JsonSerializable(typeof(StateAnswer))]
[JsonSerializable(typeof(ImageEvent))]
[JsonSerializable(typeof(ModelAnswer))]
[JsonSerializable(typeof(ModelsAnswer))]
internal sealed partial class WireJson : JsonSerializerContext;
