using Microsoft.ML.OnnxRuntime;

namespace DiffusionSharp.OnnxRuntime.Sessions;

/// <summary>Loads a model into a session, on the processor where the provider is not available and that is allowed.</summary>
internal static class SessionOpening
{
    public static LoadedSession Open(ModelSource source, OnnxOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        InferenceSession session = NativeRuntime.Call(() => options.CreateSessionOptions is { } create
            ? OpenWithOptionsOfTheCaller(source, create())
            : OpenWithProvider(source, options, cancellationToken));
        try
        {
            return new LoadedSession(session, source, options);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // Whatever the callback returns must not crash: one object from several threads, one that is disposed meanwhile, or none.
    private static InferenceSession OpenWithOptionsOfTheCaller(ModelSource source, SessionOptions? options)
    {
        if (options is null)
        {
            throw new InvalidOperationException($"{nameof(OnnxOptions)}.{nameof(OnnxOptions.CreateSessionOptions)} returned null.");
        }

        lock (options)
        {
            return Held(options, $"{nameof(OnnxOptions)}.{nameof(OnnxOptions.CreateSessionOptions)} returned", () => Load(source, options));
        }
    }

    private static InferenceSession OpenWithProvider(ModelSource source, OnnxOptions options, CancellationToken cancellationToken)
    {
        string problem;
        try
        {
            return OpenWithOptionsOfTheLibrary(source, options, cancellationToken);
        }
        catch (Exception e) when (options.Provider != ExecutionProvider.Cpu && e is OnnxRuntimeException or EntryPointNotFoundException or ModelFormatException { InnerException: OnnxRuntimeException })
        {
            Exception cause = e is ModelFormatException ? e.InnerException! : e;
            string? found = RuntimeErrors.ProviderProblem(options.Provider, cause);
            if (found is null && options.FallBackToCpu && e is ModelFormatException)
            {
                // If the processor cannot load it either, that error is thrown.
                found = $"it cannot load the model ({cause.Message})";
            }

            if (found is null)
            {
                if (e is OnnxRuntimeException)
                {
                    throw new ArgumentException($"ONNX Runtime does not take the options for {options.Provider}, {nameof(OnnxOptions)}.{nameof(OnnxOptions.ProviderOptions)} among them: {e.Message}", nameof(options), e);
                }

                throw;
            }

            problem = $"The execution provider {options.Provider} is not available here: {found}";
            if (!options.FallBackToCpu)
            {
                throw new NotSupportedException($"{problem}, or set {nameof(OnnxOptions)}.{nameof(OnnxOptions.FallBackToCpu)}. ({cause.Message})", cause);
            }
        }

        options.LoggerFactory?.CreateLogger(typeof(OnnxOptions).FullName!).FallsBackToCpu(source.Name, problem);
        return OpenWithOptionsOfTheLibrary(source, options with { Provider = ExecutionProvider.Cpu, ProviderOptions = new Dictionary<string, string>() }, cancellationToken);
    }

    private static InferenceSession OpenWithOptionsOfTheLibrary(ModelSource source, OnnxOptions options, CancellationToken cancellationToken)
    {
        using SessionOptions session = SessionOptionsFactory.Create(options, source.MapsWeights);
        return Held(session, $"{nameof(OnnxOptions)}.{nameof(OnnxOptions.Configure)} was given", () =>
        {
            using CancellationTokenRegistration stop = cancellationToken.Register(() => session.SetLoadCancellationFlag(true));
            try
            {
                return Load(source, session);
            }
            catch when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancellationToken);
            }
        });
    }

    private static InferenceSession Held(SessionOptions options, string whose, Func<InferenceSession> open)
    {
        bool isHeld = false;
        try
        {
            options.DangerousAddRef(ref isHeld);
            return open();
        }
        catch (ObjectDisposedException e) when (!isHeld)
        {
            throw new InvalidOperationException($"{whose} session options that are disposed.", e);
        }
        finally
        {
            if (isHeld)
            {
                options.DangerousRelease();
            }
        }
    }

    private static InferenceSession Load(ModelSource source, SessionOptions options)
    {
        try
        {
            return source.Open(options);
        }
        catch (OnnxRuntimeException e)
        {
            throw RuntimeErrors.OfLoading(source.Name, e);
        }
    }
}
