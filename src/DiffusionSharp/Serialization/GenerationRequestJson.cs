using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using DiffusionSharp.Conditions;
using DiffusionSharp.Schedulers;

namespace DiffusionSharp.Serialization;

/// <summary>
/// Requests as JSON, whole: scheduler, pictures and conditions included, so that the request of a result makes the same picture in another
/// process, on a pipeline of the same model. Immutable and thread-safe. Needs no reflection that trimming or ahead-of-time compilation would break.
/// </summary>
/// <remarks>
/// Objects of several types say theirs by its name in <c>$type</c>. Tensors are <c>{"shape": [...], "float32": "..."}</c>, the values row-major,
/// little-endian, in base64; a noise schedule is its betas in the same way. Numbers keep every bit. What is left out takes the
/// type's default when it is read, as null does that is one; what is unknown is refused.
/// </remarks>
public sealed class GenerationRequestJson
{
    private readonly TypeNames _names;
    private readonly IJsonTypeInfoResolver[] _resolvers;
    private readonly JsonTypeInfo<GenerationRequest> _requests;

    private GenerationRequestJson(TypeNames names, IJsonTypeInfoResolver[] resolvers)
    {
        (_names, _resolvers) = (names, resolvers);
        var options = new JsonSerializerOptions(RequestJsonContext.Default.Options)
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([RequestJsonContext.Default.WithAddedModifier(Contract.Complete), .. resolvers]).WithAddedModifier(names.Discriminate),
        };
        options.MakeReadOnly();
        _requests = (JsonTypeInfo<GenerationRequest>)options.GetTypeInfo(typeof(GenerationRequest));
    }

    /// <summary>Knows the library's own types.</summary>
    public static GenerationRequestJson Default { get; } = new(TypeNames.OfLibrary, []);

    /// <summary>The same that knows a further kind of request, too.</summary>
    /// <typeparam name="T">The type, which JSON names without its namespace.</typeparam>
    /// <param name="types">How it is written: a source-generated <see cref="JsonSerializerContext"/> that knows it.</param>
    /// <returns>A new instance.</returns>
    /// <exception cref="ArgumentException">The name is taken, or <paramref name="types"/> does not know the type.</exception>
    public GenerationRequestJson WithRequest<T>(IJsonTypeInfoResolver types)
        where T : GenerationRequest => With<GenerationRequest, T>(types);

    /// <summary>The same that knows a further scheduler, too.</summary>
    /// <inheritdoc cref="WithRequest{T}"/>
    public GenerationRequestJson WithScheduler<T>(IJsonTypeInfoResolver types)
        where T : class, IScheduler => With<IScheduler, T>(types);

    /// <summary>The same that knows a further kind of <see cref="GenerationRequest.Parts"/>, too.</summary>
    /// <inheritdoc cref="WithRequest{T}"/>
    public GenerationRequestJson WithPart<T>(IJsonTypeInfoResolver types)
        where T : class, IRequestPart => With<IRequestPart, T>(types);

    /// <summary>Writes a request as text.</summary>
    /// <param name="request">The request, for example <see cref="GeneratedImage.Request"/>.</param>
    /// <returns>One line of JSON.</returns>
    /// <exception cref="NotSupportedException">A type is not known here, or an option is a function of the caller's; the message names it.</exception>
    public string Serialize(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.Serialize(request, _requests);
    }

    /// <summary>Writes a request as UTF-8.</summary>
    /// <inheritdoc cref="Serialize"/>
    public byte[] SerializeToUtf8Bytes(GenerationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return JsonSerializer.SerializeToUtf8Bytes(request, _requests);
    }

    /// <summary>Reads a request. It takes no more memory than a few times that of the text, whatever sizes the text claims.</summary>
    /// <param name="json">What <see cref="Serialize"/> wrote, or JSON by hand.</param>
    /// <returns>The request. Whether it can be followed a pipeline says.</returns>
    /// <exception cref="JsonException">The text is no JSON, is cut off, has an unknown type or property, or a value that is none; the message says what and where.</exception>
    public GenerationRequest Deserialize(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            return JsonSerializer.Deserialize(json, _requests) ?? throw Nothing();
        }
        catch (Exception e) when (IsFault(e, out JsonException? fault))
        {
            throw fault;
        }
    }

    /// <summary>Reads a request from UTF-8.</summary>
    /// <inheritdoc cref="Deserialize(string)"/>
    public GenerationRequest Deserialize(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, _requests) ?? throw Nothing();
        }
        catch (Exception e) when (IsFault(e, out JsonException? fault))
        {
            throw fault;
        }
    }

    private static JsonException Nothing() => new("null is no request.");

    // What constructors and options say of a value is a fault of the text as much as a missing brace.
    private static bool IsFault(Exception e, [NotNullWhen(true)] out JsonException? fault)
    {
        fault = e switch
        {
            JsonException json => new JsonException($"The request cannot be read at {json.Path ?? "$"}: {json.Message}", json.Path, json.LineNumber, json.BytePositionInLine, json),
            ArgumentException or NotSupportedException or InvalidOperationException => new JsonException($"The request cannot be read: {e.Message}", e),
            _ => null,
        };
        return fault is not null;
    }

    private GenerationRequestJson With<TBase, T>(IJsonTypeInfoResolver types)
        where T : class, TBase
    {
        ArgumentNullException.ThrowIfNull(types);
        return types.GetTypeInfo(typeof(T), RequestJsonContext.Default.Options) is null
            ? throw new ArgumentException($"{types.GetType().Name} does not know {typeof(T).Name}: give its context a JsonSerializable attribute of this type.", nameof(types))
            : new GenerationRequestJson(_names.With<TBase, T>(), [.. _resolvers, types]);
    }
}
