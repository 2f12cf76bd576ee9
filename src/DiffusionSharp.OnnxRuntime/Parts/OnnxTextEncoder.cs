using System.Numerics.Tensors;
using DiffusionSharp.Conditions;
using DiffusionSharp.OnnxRuntime.Sessions;
using DiffusionSharp.Text;
using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime;

/// <summary>
/// A text encoder (CLIP, T5 and their like) in an ONNX file: <c>input_ids</c> to <c>last_hidden_state</c> or one of <c>hidden_states.i</c>, with
/// <c>text_embeds</c> or <c>pooler_output</c> where the model has them. Where it takes an <c>attention_mask</c>, the mask is one of the parts, too.
/// </summary>
public sealed class OnnxTextEncoder : ITextEncoder, ITokenEncoder, IDisposable
{
    private readonly HiddenStates _states;
    private readonly ITokenizer _tokenizer;
    private readonly OnnxTensorInfo _ids;
    private readonly OnnxTensorInfo? _mask;
    private readonly string? _pooled;

    /// <summary>Loads a model.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="layer">Which layer is the context.</param>
    /// <exception cref="ModelFormatException">The file is missing, damaged, or not a text encoder, or takes another length than the tokenizer's.</exception>
    /// <exception cref="DllNotFoundException">The app has no native ONNX Runtime; the message says which package to add.</exception>
    /// <exception cref="NotSupportedException">The execution provider is not available; the message says what is missing: its package, a library of its vendor, or a device.</exception>
    /// <exception cref="InsufficientMemoryException">The model does not fit into memory.</exception>
    public OnnxTextEncoder(string path, ITokenizer tokenizer, OnnxOptions? options = null, ContextLayer layer = ContextLayer.Last)
        : this(ModelSource.File(path), tokenizer, options, layer, CancellationToken.None)
    {
    }

    /// <summary>Loads a model from memory; its weights must be inside.</summary>
    /// <param name="model">The bytes of an ONNX file, kept as long as the part where the model does not stay loaded.</param>
    /// <param name="tokenizer">The tokenizer that the model was trained with.</param>
    /// <param name="options">How to execute it; on the processor when null.</param>
    /// <param name="layer">Which layer is the context.</param>
    /// <param name="name">What to name in errors.</param>
    /// <inheritdoc cref="OnnxTextEncoder(string, ITokenizer, OnnxOptions?, ContextLayer)"/>
    public OnnxTextEncoder(byte[] model, ITokenizer tokenizer, OnnxOptions? options = null, ContextLayer layer = ContextLayer.Last, string name = "text encoder")
        : this(ModelSource.Bytes(model, name), tokenizer, options, layer, CancellationToken.None)
    {
    }

    internal OnnxTextEncoder(ModelSource source, ITokenizer tokenizer, OnnxOptions? options, ContextLayer layer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        _tokenizer = tokenizer;
        _states = new HiddenStates(source, options, layer, cancellationToken);
        OnnxSession session = _states.Session;
        try
        {
            _ids = _states.Ids;
            _mask = session.FindInput("attention_mask");
            _pooled = session.FindOutput("text_embeds", "pooler_output")?.Name;
            if (_ids.Fixed(1) is { } length && length != tokenizer.MaxLength)
            {
                throw new ModelFormatException(source.Name, $"the model takes {length} tokens, but its tokenizer gives {tokenizer.MaxLength} (model_max_length).");
            }
        }
        catch
        {
            _states.Dispose();
            throw;
        }
    }

    /// <summary>None: a prompt is plain text. <see cref="PromptSyntaxEncoder"/> puts one on this encoder.</summary>
    public IPromptSyntax? Syntax => null;

    /// <inheritdoc/>
    public ITokenizer Tokenizer => _tokenizer;

    /// <summary>Whether the model has an <c>attention_mask</c>.</summary>
    public bool TakesMask => _mask is not null;

    /// <summary>Whether the mask is one of the parts although the model does not take it.</summary>
    internal bool GivesMask { get; init; }

    /// <inheritdoc/>
    public TextEncoding Encode(IReadOnlyList<string> prompts, TextEncodingPlan plan, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plan);
        if (prompts.Count == 0)
        {
            throw new ArgumentException("There is no prompt to encode.", nameof(prompts));
        }

        ITokenizer tokenizer = plan.Options.MaxLength is { } asked ? _tokenizer.WithMaxLength(asked) : _tokenizer;
        if (_ids.Fixed(1) is { } length && length != tokenizer.MaxLength)
        {
            throw new ArgumentException($"{_states.Session.Path}: the model takes {length} tokens, not {tokenizer.MaxLength}: leave {nameof(TextEncodingOptions)}.{nameof(TextEncodingOptions.MaxLength)} out.", nameof(plan));
        }

        TokenizedText[] texts = [.. prompts.Select(tokenizer.Tokenize)];
        TokenChunk[] chunks = Array.ConvertAll(texts, text => new TokenChunk(text.Ids) { Attended = [.. text.Ids.Select((_, i) => i < text.Length)] });
        return new TextEncoding(EncodeTokens(chunks, plan.Options, cancellationToken)) { TruncatedTexts = Array.ConvertAll(texts, text => text.TruncatedText) };
    }

    /// <inheritdoc/>
    public Conditioning EncodeTokens(IReadOnlyList<TokenChunk> chunks, TextEncodingOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        ArgumentNullException.ThrowIfNull(options);
        if (chunks.Count == 0 || chunks.Any(chunk => chunk.Ids.Count != chunks[0].Ids.Count || (chunk.Attended is { } mask && mask.Count != chunk.Ids.Count)))
        {
            throw new ArgumentException("Expected at least one chunk of tokens, and all of one length.", nameof(chunks));
        }

        (OnnxSession graph, string context) = _states.Skipping(_tokenizer is T5Tokenizer ? 0 : options.ClipSkip, cancellationToken);
        using SessionLease session = graph.Acquire(cancellationToken);
        return Conditioning.Stack([.. chunks.Chunk(_ids.Fixed(0) ?? chunks.Count).Select(rows => EncodeBatch(session, graph.Path, rows, context, cancellationToken))]);
    }

    /// <summary>Releases the model.</summary>
    public void Dispose() => _states.Dispose();

    // A model with a fixed batch is fed whole batches; the rows that only fill it up are dropped.
    private Conditioning EncodeBatch(SessionLease session, string path, TokenChunk[] chunks, string context, CancellationToken cancellationToken)
    {
        (int batch, int length) = (_ids.Fixed(0) ?? chunks.Length, chunks[0].Ids.Count);
        var ids = new long[batch * length];
        var mask = new long[batch * length];
        for (int i = 0; i < batch; i++)
        {
            TokenChunk chunk = chunks[Math.Min(i, chunks.Length - 1)];
            for (int j = 0; j < length; j++)
            {
                ids[(i * length) + j] = chunk.Ids[j];
                mask[(i * length) + j] = chunk.Attended?[j] == false ? 0 : 1;
            }
        }

        using var idBuffer = new ModelBuffer(_ids, path, [batch, length]);
        idBuffer.Write(0, ids);
        using ModelBuffer? maskBuffer = _mask is null ? null : new ModelBuffer(_mask, path, [batch, length]);
        maskBuffer?.Write(0, mask);

        string[] inputs = _mask is null ? [_ids.Name] : [_ids.Name, _mask.Name];
        OrtValue[] values = maskBuffer is null ? [idBuffer.Value] : [idBuffer.Value, maskBuffer.Value];
        string[] outputs = _pooled is null ? [context] : [context, _pooled];
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(inputs, values, outputs, cancellationToken);
        Conditioning parts = Conditioning.None.With(ConditionNames.Context, ModelOutput.Read(results[0], path, context, chunks.Length));
        parts = _pooled is null ? parts : parts.With(ConditionNames.Pooled, ModelOutput.Read(results[1], path, _pooled, chunks.Length));
        return _mask is null && !GivesMask ? parts : parts.With(ConditionNames.ContextMask, Tensor.Create(Array.ConvertAll(mask[..(chunks.Length * length)], value => (float)value), [chunks.Length, length]));
    }
}
