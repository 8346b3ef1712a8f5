// SPDX-License-Identifier: MIT
// The least a FastCGI program can do: the yardstick that package metadata is measured against.
#include <fcgiapp.h>

#include <string>

int main() {
  FCGX_Init();
  FCGX_Request request;
  FCGX_InitRequest(&request, 0, 0);
  const std::string body(1500, 'x');
  const std::string answer =
      "Content-Type: text/plain\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  while (FCGX_Accept_r(&request) == 0) {
    FCGX_PutStr(answer.data(), static_cast<int>(answer.size()), request.out);
    FCGX_Finish_r(&request);
  }
}
