namespace DiffusionSharp.AspNetCore;

/// <summary>An error that the caller is told, as OpenAI's API tells it.</summary>
/// <param name="status">The status of the answer.</param>
/// <param name="message">What to tell.</param>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public const string InvalidRequest = "invalid_request_error";
    public const string ServerError = "server_error";

    public int Status => status;

    /// <summary>The kind of error.</summary>
    public string Type { get; init; } = InvalidRequest;

    /// <summary>The field of the request that is wrong.</summary>
    public string? Param { get; init; }

    /// <summary>What programs tell errors apart by.</summary>
    public string? Code { get; init; }

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The error as the answer has it.</summary>
    public ErrorBody Body => new(Message, Type, Param, Code);

    /// <summary>A field whose value is wrong.</summary>
    public static ApiException Invalid(string param, string message, string code = "invalid_value") => new(400, message) { Param = param, Code = code };
}
